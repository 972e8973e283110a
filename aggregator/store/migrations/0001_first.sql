-- Everything that is known about each registry entry. The facts are one JSON text, so that a new
-- fact needs no migration; the columns that people ask for are computed from it when they are read.
CREATE TABLE entries (
  key TEXT PRIMARY KEY,             -- registry name in lower case
  listed_as TEXT NOT NULL,          -- owner/name as the member wrote it
  outcome TEXT NOT NULL,            -- how the last look ended
  since TEXT NOT NULL,              -- when this standing began
  first_seen TEXT NOT NULL,
  last_tried TEXT,
  last_succeeded TEXT,
  message TEXT,                     -- what went wrong
  cure TEXT,                        -- what a member can do
  moved_to TEXT,                    -- owner/name it answers under today, when that differs
  identity TEXT,                    -- JSON: ids that survive a rename
  facts TEXT,                       -- JSON: the last good facts; null once it is no longer public
  unlisted_since TEXT,              -- when the entry left the registry
  repository_id INTEGER AS (json_extract(identity, '$.repository_id')),
  name_with_owner TEXT AS (json_extract(identity, '$.name_with_owner')),
  description TEXT AS (json_extract(facts, '$.glance.description')),
  homepage TEXT AS (json_extract(facts, '$.glance.homepage')),
  language TEXT AS (json_extract(facts, '$.glance.primary_language')),
  licence TEXT AS (json_extract(facts, '$.glance.licence.spdx_id')),
  stars INTEGER AS (json_extract(facts, '$.glance.stars')),
  forks INTEGER AS (json_extract(facts, '$.glance.forks')),
  archived INTEGER AS (json_extract(facts, '$.glance.archived')),
  created_at TEXT AS (json_extract(facts, '$.glance.created_at')),
  pushed_at TEXT AS (json_extract(facts, '$.glance.pushed_at')),
  open_issues INTEGER AS (json_extract(facts, '$.counts.open_issues')),
  readme_path TEXT AS (json_extract(facts, '$.details.readme.path')),
  readme_oid TEXT AS (json_extract(facts, '$.details.readme.oid')),
  confirmed_at TEXT AS (json_extract(facts, '$.glance.confirmed_at'))
);
CREATE INDEX entries_by_readme ON entries (readme_oid);

CREATE TABLE readmes (
  oid TEXT PRIMARY KEY,             -- git blob oid
  content BLOB NOT NULL             -- exact bytes
);

CREATE TABLE changes (
  id INTEGER PRIMARY KEY,
  date TEXT NOT NULL,               -- when a run noticed it
  kind TEXT NOT NULL,
  repo TEXT NOT NULL,               -- key of the entry
  name TEXT NOT NULL,
  before TEXT,
  after TEXT,
  url TEXT
);
CREATE INDEX changes_by_date ON changes (date);

CREATE TABLE days (
  date TEXT PRIMARY KEY,
  listed INTEGER NOT NULL,
  answering INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  stars INTEGER NOT NULL,
  forks INTEGER NOT NULL,
  open_issues INTEGER,
  good_first_issues INTEGER
);

CREATE TABLE marks (
  repo TEXT NOT NULL,               -- key of the entry
  date TEXT NOT NULL,
  stars INTEGER,
  forks INTEGER,
  open_issues INTEGER,
  PRIMARY KEY (repo, date)
);

CREATE TABLE about (
  key TEXT PRIMARY KEY,             -- fetched_at, notice
  value TEXT NOT NULL
);

CREATE VIEW topics AS
  SELECT entries.key, topic.value AS topic
  FROM entries, json_each(entries.facts, '$.details.topics') AS topic;

CREATE VIEW languages AS
  SELECT entries.key, language.key AS language, language.value AS bytes
  FROM entries, json_each(entries.facts, '$.details.language_bytes') AS language;

CREATE VIEW releases AS
  SELECT
    entries.key,
    json_extract(release.value, '$.tag') AS tag,
    json_extract(release.value, '$.name') AS name,
    json_extract(release.value, '$.published_at') AS published_at,
    json_extract(release.value, '$.url') AS url
  FROM entries, json_each(entries.facts, '$.details.releases') AS release;
