"""What READMEs say that tells nothing of their project: texts of templates, and notices.

A template's text stands unchanged in thousands of READMEs and describes none of them. A notice says
in what state a project is ("experimental", "moved", "no warranty"), or what to install. Both would
look like a summary on a card. A definition that merely holds such a word is none: "an experimental
library for ..." stays.
"""

import re

_FLAGS = re.VERBOSE | re.IGNORECASE

# How the texts begin that generators of projects write, by generator.
_TEMPLATES = re.compile(
    r"""(?:
      # usethis, golem, workflowr, rrtools, R's own skeletons
      what\s+is\s+special\s+about\s+using | you(?:['\u2019]ll|
        \s+will)\s+still\s+need\s+to\s+render |
      you\s+can\s+also\s+embed\s+plots | in\s+that\s+case,\s+don['\u2019]t\s+forget\s+to\s+commit |
      this\s+is\s+a\s+basic\s+example | what\s+the\s+package\s+does\b |
      you\s+are\s+reading\s+the\s+doc\b | this\s+readme\s+has\s+been\s+compiled |
      an?\s+\[?workflowr\]?(?:\[\])?\s+project\W*$ | welcome\s+to\s+projecttemplate |
      this\s+is\s+a\s+minimal\s+example\s+of\s+a\s+book\b |
      (?:this\s+is\s+)?an?\s+shiny\s+(?:web\s+)?app(?:lication)?\W*$ |
      this\s+is\s+an?\s+(?:quarto|distill|blogdown|hugo|jekyll)\s+(?:website|book|site|
        blog)\W*(?:$|to\s+learn) |
      # cookiecutters, copier, PDM, Kedro, Sphinx, Django, Flask, Streamlit
      python\s+boilerplate\s+contains | behold\s+my\s+awesome | default\s+template\s+for\b |
      this\s+is\s+your\s+new\b | take\s+a\s+look\s+at\s+the\s+\w+\s+documentation\b |
      in\s+order\s+to\s+get\s+the\s+best\s+out\s+of\s+the\s+template |
      you\s+can\s+adapt\s+this\s+file\s+completely | add\s+your\s+content\s+using\b |
      welcome\s+to\s+.{1,60}['\u2019]s?\s+documentation\W*$ |
      the\s+basic\s+blog\s+app\s+built\s+in\s+the\s+flask |
        a\s+simple\s+streamlit\s+app\s+template |
      (?:this\s+is\s+)?an?\s+(?:basic|minimal|simple|new|starter)?\s*(?:django|flask|fastapi|
        express|rails)\s+(?:starter|
        boilerplate|
        skeleton|(?:project|app(?:lication)?)\s+(?:template|skeleton|boilerplate|starter)|project|
        app)\W*$ |
      # Best-README-Template, PurpleBooth's template and others of the kind
      an?\s+awesome\s+(?:readme|project)\b | there\s+are\s+many\s+great\s+readme\s+templates |
      here['\u2019]s\s+(?:why|a\s+blank\s+template) | project[_\s]description\W*$ |
      to\s+avoid\s+retyping\s+too\s+much | one\s+paragraph\s+(?:of|description)\b |
      this\s+section\s+should\s+(?:list|describe|contain|explain) |
      this\s+is\s+an\s+example\s+of\s+how\s+(?:you|to\s+list) | use\s+this\s+space\b |
      this\s+is\s+(?:an?|the)\s+(?:[\w-]+\s+){0,3}(?:readme|repository\s+template|
        placeholder)\b(?!\s+(?:generator|editor|linter)) |
      this\s+is\s+where\s+(?:you|we|i)\b | use\s+this\s+template\s+to\b |
      edit\s+\S*\w\.\w+\s+to\b | an?\s+starter\s+(?:template|kit)\b[^,;]{0,40}$ |
      details\s+of\s+the\s+purpose\s+and\s+any\s+published\s+outputs |
      of\s+course,\s+no\s+one\s+template | these\s+instructions\s+(?:will|should)\b |
      what\s+things\s+you\s+need\b | a\s+step\s+by\s+step\s+series | explain\s+(?:how|what|why)\b |
      simple\s+overview\s+of\s+(?:use|purpose) | an?\s+in-depth\s+paragraph\b |
      foobar\s+is\b | edit\s+this\s+readme\b | getting\s+started\s+with\b |
      this\s+project\s+uses\s+quarkus\b |
      this\s+is\s+an?\s+.{0,40}\bstarter(?:\s+(?:template|project|kit|app|code))?\W*$ |
        project\s+title\W*$ | start\s+with\s+an\s+overview\b |
      welcome\s+to\s+(?:our|the)\s+(?:\w+\s+)?repository\s+template |
      # create-react-app, Vite, Next, Nuxt, Svelte, Astro, Remix, Angular, Nest, Gatsby, Expo
      in\s+the\s+project\s+directory,?\s+you\s+can | runs\s+the\s+app\s+in\b |
      this\s+template\s+(?:provides|should|is\s+(?:a|for)|contains|includes)\b.{0,80}\b(?:vite|
        vue|react|
        svelte|solid|preact|typescript|webpack|rollup)\b |
      currently,\s+two\s+official\s+plugins | open\s+\[?https?://localhost |
      everything\s+you\s+need\s+to\s+build\s+a\s+svelte | seasoned\s+astronaut |
      look\s+at\s+the\s+\[?nuxt | inside\s+of\s+your\s+astro\s+project | welcome\s+to\s+(?:remix|
        react\s+router)\b |
      this\s+is\s+an?\s+(?:\w+\s+)?\[?(?:next(?:\.js)?|expo|react\s+native|nuxt|remix|gatsby|vue|
        svelte|
        astro|angular|electron|vite)\]?\W.{0,40}\b(?:bootstrapped|created|generated|scaffolded)\b |
      a\s+progressive\s+node(?:\.js)?\s+framework\s+for\s+building |
        nest\s+framework\s+typescript\s+starter |
      kick\s+off\s+your\s+project\s+with | laravel\s+is\s+a\s+web\s+application\s+framework |
      # Flutter, Rails, Bundler, Mix, Azure DevOps
      a\s+new\s+(?:flutter|expo|react\s+native|ionic|dart|rust|python|node|vue|react|
        elm)\s+\w+\W*$ |
      this\s+project\s+is\s+a\s+starting\s+point\s+for\s+a\s+flutter |
      a\s+few\s+resources\s+to\s+get\s+you\s+started | things\s+you\s+may\s+want\s+to\s+cover |
      this\s+readme\s+would\s+normally\s+document | welcome\s+to\s+your\s+new\b |
      a\s+sample\s+command-line\s+application\s+with\s+an\s+entrypoint |
      # GitHub's and GitLab's first READMEs, GitHub Pages, Hugging Face
      to\s+make\s+it\s+easy\s+for\s+you\s+to\s+get\s+started | already\s+a\s+pro\b |
      when\s+you['\u2019]re\s+ready\s+to\s+make\s+this\s+readme | every\s+project\s+is\s+different |
      choose\s+a\s+self-explaining | let\s+people\s+know\s+what |
        depending\s+on\s+what\s+you\s+are\s+making |
      within\s+a\s+particular\s+ecosystem | use\s+examples\s+liberally | tell\s+people\s+where |
      if\s+you\s+have\s+(?:ideas\s+for\s+releases|run\s+out\s+of\s+energy) |
        state\s+if\s+you\s+are\s+open |
      show\s+your\s+appreciation | for\s+open\s+source\s+projects,\s+say |
      \S+\s+is\s+a\s+\W*special\W*\s+repository | here\s+are\s+some\s+ideas\s+to\s+get\s+you |
      you\s+can\s+use\s+the\s+editor\s+on\s+github |
        whenever\s+you\s+commit\s+to\s+this\s+repository |
      check\s+out\s+the\s+configuration\s+reference
    )""",
    _FLAGS,
)
# Sentences that wait for somebody to finish them.
_UNFINISHED = re.compile(
    r"""\b(?:is|are|was|to|for|of|that|which)\s*(?:to\s*)?(?:\.{2,}|\u2026)\W*$ |
      \b(?:goes|go|comes)\s+here\b |
      \b(?:description|summary|introduction|overview|text|content|abstract|tagline|name)\s+here\b |
      \b(?:write|put|add|insert|enter|type|place|provide|give|include|fill\s+in|replace|edit|
        describe)
        \s+(?:(?:an?|the|your|some|this|in|here|with|short|brief|long|longer|concise|quick|few|
        one|simple|
        clear|meaningful|project|package)[\s-]+)*(?:description|summary|introduction|overview|text|
        content|tagline|abstract|sentences?|paragraphs?|lines?|details|words|intro)\b |
      ^(?:an?\s+)?(?:(?:short|brief|concise|quick|simple|long|longer|detailed|one[-\s](?:line|
        sentence|paragraph)|
        high[-\s]level)\s+)+(?:description|summary|overview|introduction|intro|explanation)
        \s+(?:of|about|for)\s+(?:what\s+)?(?:the|this|your|my)\s+(?:\w+\s+)?
        (?:project|package|app(?:lication)?|repo(?:sitory)?|library|module|tool|code|software)\b |
      ^(?:the\s+)?(?:project|package|app(?:lication)?|repo(?:sitory)?)\s+(?:description|summary|
        overview)\W*$ |
      ^(?:this\s+is\s+)?(?:an?\s+)?(?:example|sample|demo|dummy|test)\s+
        (?:project|package|app(?:lication)?|repo(?:sitory)?|readme)(?:\s+for\s+learning)?\W*$ |
      ^(?:this\s+|the\s+|my\s+)?repo(?:sitory)?\s+(?:\w+\s+)?(?:(?:the|all|source|code|files)\s+)*
        (?:for|of)\s+(?:the|my|our|this|a)\s+(?:project|app(?:lication)?|package)\W*$ |
      ^(?:this\s+(?:\w+\s+)?is\s+)?an?\s+(?:minimal|basic|
        simple)?\s*(?:[\w.]+\s+){0,3}(?:app(?:lication)?|project|
        site|website|demo)\s+(?:created|bootstrapped|generated|scaffolded|made|built)\s+(?:with|
        by|using|from)\b
        (?!.*\b(?:to|that|which|for|of|and\s+\w+s)\b) |
      ^(?:[\w.]+\s+){0,4}(?:app(?:lication)?|project)\s+(?:bootstrapped|generated|
        scaffolded)\s+(?:with|by|using)\b |
      ^\W*(?:please\s+)?(?:describe|explain|summari[sz]e)\s+(?:your|the|this)\s+
        (?:project|package|app(?:lication)?|repo(?:sitory)?|tool)\b |
      ^description\s+of\s+(?:the|this|your|my)\s+(?:project|package|app\w*|repo\w*|library|
        tool)\W*$ |
      ^(?:my|your)\s+(?:\w+\s+){0,3}(?:project|package|app(?:lication)?|repo(?:sitory)?|
        description)\W*$ |
      ^this\s+is\s+(?:my|your|an?)\s+(?:new\s+|first\s+|example\s+|sample\s+|test\s+|awesome\s+|
        dummy\s+)+
        (?:project|package|app(?:lication)?|repo(?:sitory)?|readme|description)\W*$ |
      \blorem\s+ipsum\b | ^\W*to-?do\b | ^\W*(?:fixme|tbd|tba|xxx+)\b""",
    _FLAGS,
)

_PROJECT = r"""(?:repo(?:sitory)?|project|package|library|tool(?:kit|box|s)?|app(?:lication)?|
  framework|
    software|module|code(?:base)?|site|website|dashboard|service|scripts?|plugin|template|api|
      product|
    extension|model|pipeline|fork|version|branch|interface|work|documentation|docs|readme|page)"""
_SUBJECT = rf"""(?:(?:please\s+)?(?:note|be\s+aware|beware)(?:\s+that)?[\s,:]+)?(?:
    (?:this|the|our)\s+(?:[\w.'\u2019{{}}-]+\s+){{0,3}}?{_PROJECT} | this | it |
    [\w.{{}}-]+(?:\s+[\w.{{}}-]+){{0,2}}? | everything(?:\s+\w+){{0,3}})"""
_STATES = r"""(?:experimental|archived|deprecated|unmaintained|unsupported|discontinued|obsolete|
  retired|
    abandoned|superseded|inactive|dormant|frozen|unstable|immature|incomplete|unfinished|outdated|
      untested|
    (?:pre-?)?alpha|beta|wip|read-only|in\s+(?:its\s+)?(?:very\s+|pre-?)?(?:early|alpha|beta|
      infancy|
    maintenance|active\s+development|heavy\s+development|development|progress|flux|testing|preview)
    (?:\s+(?:stages?|mode|phase|development|days))?(?:\s+of\s+development)?|
      (?:a\s+)?work(?:s)?[\s-]+in[\s-]+progress|
    (?:an?\s+)?(?:experimental|alpha|beta|early|pre-?release|proof[\s-]of[\s-]concept)\s+
      (?:release|version|stage|software|preview|prototype|code|quality)|
    under\s+(?:\w+\s+)?(?:development|construction|review)|being\s+(?:rewritten|refactored|archived|
    retired|deprecated|moved|migrated|phased\s+out)|subject\s+to\s+change|at\s+an\s+early\s+stage|
    (?:looking\s+for|seeking)\s+(?:\w+\s+){0,2}\w+|eol|end[\s-]of[\s-]life|
      provided\s+\W?as[\s-]is)"""
# After a state the sentence ends or goes on about it; a thing after it makes a definition.
_ENDS = r"""(?=\W*$|\s*[.,;:!(\u2013\u2014]|\s+-|\s+(?:and|but|so|as|at|because|since|by|until|
  please|with|yet|
    now|while|due|in|for\s+(?:now|the)|from|or|without)\b)"""
_HEDGES = r"""(?:(?:still|currently|now|very|highly|largely|mostly|presently|actively|somewhat|
  only|also|
    officially|probably|likely|therefore|to\s+be|considered|to\s+be\s+considered)\s+)*"""
_NOTICES = re.compile(
    rf"""{_SUBJECT}\s+(?:is|are|was|has\s+been|have\s+been|remains|
      should\s+be)\s+{_HEDGES}{_STATES}{_ENDS} |
      {_SUBJECT}\s+(?:is|are|was|has|have|does|do|will|should|must)\s*(?:not|
        n['\u2019]t)\s+(?:be\s+|been\s+)?
        (?:(?:an?|yet|currently|actively|officially|formally|being|longer|any|intended|meant|
        to\s+be)\s+)*
        (?:official|officially|supported|maintained|recommended|ready|affiliated|endorsed|
        production|finished|
        complete|stable|used|developed|suitable|tested|validated|approved|medical|guaranteed|
        relied|for)\b |
      {_SUBJECT}\s+(?:is|are|has|have)\s+(?:been\s+|now\s+)*no\s+longer\b |
      {_SUBJECT}\s+(?:has|have|was|were|is|are)\s+(?:(?:been|now|being|recently)\s+)*
        (?:moved|migrated|merged|renamed|transferred|relocated|replaced|rewritten|absorbed|
        split)\b |
      (?:we(?:['\u2019]ve|\s+have)?|development)\s+(?:has\s+)?(?:now\s+)?(?:moved|migrated|
        happens|continues) |
      (?:moved|migrated|renamed|transferred|relocated)\s+(?:to|from|into)\b |
      (?:archived?|deprecated|unmaintained|abandoned|discontinued|obsolete|retired|superseded|
        no\s+longer|
        (?:highly\s+|very\s+)?experimental|(?:pre-)?(?:alpha|beta)(?:\s+(?:version|release|
        software))?|
        maintenance\s+mode|unofficial|unstable|draft|wip){_ENDS} |
      not\s+(?:an?\s+|yet\s+|currently\s+|actively\s+|for\s+)*(?:official|officially|maintained|
        supported|
        production|ready|affiliated|intended|recommended|endorsed|clinical|medical)\b |
      (?:currently|still|heavily|early|actively)\s+(?:in|under|a\s+work|being|not|work|only|
        developed|stages?|
        experimental|alpha|beta)\b |
      under\s+(?:\w+\s+)?(?:development|construction) |
      (?:this\s+is\s+)?(?:{_HEDGES})?(?:a\s+)?work[\s-]+in[\s-]+progress\b |
      (?:as\s+of|since|starting\s+(?:with|from|in)|from)\s+(?:version\s+|v?\d+\.|(?:january|
        february|march|april|
        may|june|july|august|september|october|november|december)\b) |
      (?:looking\s+for|seeking)\s+(?:\w+\s+){{0,2}}(?:maintainers?|contributors?|help|volunteers) |
      (?:added|new|changed|deprecated|removed|fixed)\s+(?:in|since)\s+(?:version|release|v?\d) |
      ce\s+(?:projet|d\u00e9p\u00f4t)\s+(?:est|n['\u2019]est)\s+(?:encore\s+)?(?:en\s+cours|plus|
        archiv|obsol) |
      (?:dieses|das)\s+(?:projekt|repository)\s+(?:ist|wird|befindet\s+sich)\s+(?:noch\s+|
        nicht\s+|derzeit\s+)*
        (?:in\s+(?:entwicklung|arbeit)|mehr|archiviert|eingestellt|veraltet|experimentell) |
      este\s+(?:proyecto|projeto)\s+est\u00e1\s+(?:a\u00fan\s+|ainda\s+)?em?n?\s+(?:desarrollo|
        construcci|desenvolvimento) |
      {_SUBJECT}\s+(?:is|are)\s+(?:not|n['\u2019]t)\s+(?:yet\s+)?(?:on|in)\s+(?:cran|pypi|
        bioconductor|npm)\b |
      {_SUBJECT}\s+(?:is|was)\s+(?:an?\s+)?(?:(?:pre-?)?(?:alpha|beta)|experimental)\s+
        (?:software|code|release|version)\W*$ |
      {_SUBJECT}\s+is\s+(?:an?\s+)?(?:proof[\s-]of[\s-]concept|prototype|demonstration)\s+
        (?:only\b|and\s+(?:should|must|is|may)\s+not\b) |
      {_SUBJECT}\s+is\s+(?:now\s+)?(?:public|private|open\s+source)\W*$ |
      {_SUBJECT}\s+(?:is|was|has\s+been)\s+(?:part\s+of|(?:kindly\s+|jointly\s+)?(?:supported|
        funded|financed|sponsored)\s+by)\s+(?:the|an?|our)\b
        (?!.*\b(?:suite|set|collection|family)\s+of\b)[^,;]{{0,60}}$ |
      (?:active\s+)?development\s+(?:happens|takes\s+place|is\s+done)\b |
      (?:the\s+)?(?:interfaces?|apis?|functions|names|code)\s+(?:may|might|can|will)\s+
        (?:still\s+)?(?:change|break)\b |
      the\s+(?:views|opinions)\s+expressed\b |
      (?:no|the|all)?\s*(?:\w+\s+)?data\s+(?:is|are)\s+(?:not\s+)?(?:included|stored|held|kept|
        provided|shared|available)\b.{{0,20}}\b(?:in|with|within)\s+(?:this|the)\s+repo |
      users\s+(?:must|should|need)\b |
      help\s+(?:is\s+)?(?:wanted|needed) | as\s+this\s+is\s+an?\b | breaking\s+changes? |
        big\s+news | heads\s+up | beware | danger | achtung |
      \u26a0 | use\s+at\s+your | at\s+your\s+own\s+risk |
        (?:there\s+is\s+)?(?:absolutely\s+)?no\s+warrant""",
    _FLAGS,
)
_GUARANTEES = re.compile(
    r"""\bas[\s-]is\b.{0,80}\bwarrant | \bwithout\s+(?:any\s+)?warrant |
      \bno\s+(?:\w+\s+)?(?:warranty|liability)\b |
      \bat\s+your\s+own\s+risk\b | \bprovided\s+\W?as[\s-]is\b | \bnot\s+(?:be\s+)?liable\b |
      \bnot\s+an?\s+official(?:ly)?\b | \bmay\s+(?:change|break)\s+(?:at\s+any\s+time|
        without\s+notice) |
      \bunder\s+the\s+terms\s+of\s+the\b""",
    _FLAGS,
)
_ORDERS = re.compile(
    r"""(?:the\s+following|these|those|some|several|all|a\s+few|a\s+number\s+of|certain|other)\s+
        (?:[\w-]+\s+){0,5}?(?:are|is|must|should|need|will|have|has)\s+(?:to\s+be\s+|be\s+|also\s+)*
        (?:needed|required|necessary|installed|mandatory|assumed|supported) |
      (?:(?!(?:that|which|who|how|where|what|for|to)\b)[\w.+,/()-]+\s+){1,8}?(?:is|
        are)\s+(?:also\s+)?(?:needed|required|necessary|mandatory|a\s+prerequisite|
        prerequisites)\b(?!\s+(?:by|when|for\s+(?:patients?|people|each|every))) |
      (?:needed|required|recommended|optional|tested|compatible|works)\s*(?::|on\b|with\b|
        packages|software) |
      needs?\s+\w | you(?:['\u2019]ll|['\u2019]re|['\u2019]d|\s+are|\s+would|\s+might|\s+could|
        \s+do|\s+have)\b |
      we\s+(?:recommend|need|require|are\s+(?:looking|no\s+longer|hiring|currently|working)|welcome|
        encourage|suggest|strongly|would\s+(?:love|like)|no\s+longer|appreciate|ask) |
      make\s+sure | ensure\b | before\s+(?:you|using|running|installing|starting) |
        don['\u2019]t\b | do\s+not\b |
      never\b | be\s+(?:careful|aware|sure) | remember\b | keep\s+in\s+mind | try\s+(?:it|the|
        out)\b |
      start\s+(?:by|here)\b | take\s+(?:a\s+look|care)\b | feel\s+free | have\s+a\s+look |
        look\s+(?:at|here) |
      open\s+(?:an?\s+issue|the\b|your\b) | create\s+a(?:n)?\s+(?:issue|new|virtual|copy|file|
        folder) | copy\s+(?:the|this) |
      read\s+(?:this|our|more|about|and|on)\b | sign\s+up\b | register\s+(?:at|for|here) |
        join\s+(?:us|our|the) |
      star\s+(?:this|the|us) | donate\b | support\s+(?:us|this|the\s+project)\b | give\s+(?:it|
        us)\s+a |
      (?:the\s+)?(?:full|latest|api|online|official|complete|project|package)\s+(?:documentation|
        docs)\s+
        (?:is|are|can|for|lives?) |
      (?:built|made|created|developed|written|crafted|coded|powered|generated|maintained|funded|
        supported|
        sponsored|hosted|designed|brought\s+to\s+you|bootstrapped|scaffolded|implemented|
        programmed|produced)
        \s+(?:\w+\s+)?(?:with|by|using|in|at|on|and|as\s+part)\b(?!.*,\s+[\w.{}-]+\s+(?:is|are|
        helps?|
        draws?|provides?|
        shows?|allows?|lets?|offers?|contains?|makes?)\b) |
      (?:this|the)\s+(?:[\w.-]+\s+){0,2}?(?:project|package|app(?:lication)?|repo(?:sitory)?|site|
        website|library|
        tool|code|template|software|documentation|gem|module|dashboard|readme|book|page|file)\s+
        (?:was|is|has\s+been|were)\s+(?:\w+ly\s+|initially\s+|first\s+)?(?:
          bootstrapped|scaffolded|initiali[sz]ed|
          (?:auto-?)?generated\s+(?:by|with|using|from|via|automatically|on)|
          (?:created|built|made|set\s+up|developed|written|started|styled|hosted|deployed|tested|
          powered|
            compiled|rendered|formatted|managed|packaged)\s+(?:with|by|using|from|in|on|via)\b
            (?!.*\b(?:and|that|which|to)\s+(?:shows?|draws?|lets?|helps?|allows?|provides?|
            contains?|is|are|
            predicts?|makes?|calculates?|computes?|displays?|gives?|turns?|reads?|analy[sz]es?|
            supports?|
            explores?|visuali[sz]es?|find|create|estimates?|compares?|collects?|models?|tracks?|
            monitors?)\b))""",
    _FLAGS,
)
_SHOUTED = 0.8
_GREETINGS = re.compile(
    r"welcome(?:\s+to\s+(?:the|our|my|this)\s+(?:[\w-]+\s+)?(?:repo(?:sitory)?|project|page|"
    r"website|site))?\W*$",
    re.IGNORECASE,
)
_NOTICES_ELSEWHERE = ("\u6ce8\u610f", "\u8b66\u544a", "\u8bf7", "\u91cd\u8981", "\u8acb")


def is_boilerplate(text: str) -> bool:
    """Tell whether a sentence or paragraph is a template's own, a notice or an order.

    Args:
        text: Words without markup, its first one at the start.
    """
    return is_template(text) or is_notice(text)


def is_template(text: str) -> bool:
    """Tell whether words stand in many READMEs and are meant to be replaced."""
    return _TEMPLATES.match(text) is not None or _UNFINISHED.search(text) is not None


def is_notice(text: str) -> bool:
    """Tell whether words say in what state a project is, or what to do with it, not what it is."""
    return (
        _NOTICES.match(text) is not None
        or _ORDERS.match(text) is not None
        or _GUARANTEES.search(text) is not None
        or _GREETINGS.match(text) is not None
        or text.startswith(_NOTICES_ELSEWHERE)
        or is_shouted(text)
    )


def is_shouted(text: str) -> bool:
    """Tell whether a whole sentence is in capitals."""
    cased = [one for one in text if one.isupper() or one.islower()]
    return len(text.split()) >= 4 and sum(map(str.isupper, cased)) > _SHOUTED * len(cased) > 0
