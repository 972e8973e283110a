"""The passes over a wave of entries; each yields a batch as soon as GitHub answered it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from aggregator.facts.protocol import AbsenceKind, Answer, Depth, Fetched, Target, Wanted
from aggregator.facts.record import Observation, Record
from aggregator.facts.repository import Basis, Contributors, Glance
from aggregator.fetch import due, judge
from aggregator.fetch.conversation import Asked, Question
from aggregator.fetch.state import Batch, State

Lost = dict[str, Glance | None]  # entries not found by name, with whoever has the name now


def scalars(state: State, entries: Sequence[str], lost: Lost) -> Iterator[Batch]:
    """Pass 1: ask every entry by name; fill ``lost`` with those to look for by id."""
    question = Question(state.source.glance, _target_name, state.source.sizes.glance)
    for asked in state.talk.ask([Target(name) for name in entries], question):
        seen = list(_found_by_name(state, asked.answer.found, lost))
        seen += _absent(state, asked, lost)
        seen += _faulted(state, asked.answer)
        seen += state.failed(asked.failed, asked.answer.trouble)
        yield state.apply(seen)
        state.progress("repositories", len(state.reached), state.listed)


def _found_by_name(state: State, found: Mapping[str, Glance], lost: Lost) -> Iterator[Observation]:
    for name, glance in found.items():
        same = judge.same_repository(state.identity(name), glance)
        if same or glance.repository_id in state.departed:
            yield state.seen(name, glance)
        else:
            lost[name] = glance


def _faulted(state: State, answer: Answer[Glance]) -> list[Observation]:
    return [state.faulted(name, fault) for name, fault in answer.faults.items()]


def _absent(state: State, asked: Asked[Target, Glance], lost: Lost) -> Iterator[Observation]:
    for name, why in asked.answer.absent.items():
        if why.kind is AbsenceKind.NOT_FOUND and state.identity(name):
            lost[name] = None
        else:
            yield judge.absent(name, why, state.identity(name), state.now)


def by_id(state: State, lost: Lost) -> Iterator[Batch]:
    """Look by id for entries that their name no longer finds; note those that vanished."""
    targets = [
        Target(name, identity.repository_id, identity.node_id)
        for name in lost
        if (identity := state.identity(name))
    ]
    question = Question(state.source.glance_by_id, _target_name, state.source.sizes.glance)
    for asked in state.talk.ask(targets, question):
        seen = [
            judge.reused(name, glance, state.now) if lost[name] else state.seen(name, glance)
            for name, glance in asked.answer.found.items()
        ]
        seen += _not_found_by_id(state, asked.answer, lost)
        seen += _faulted(state, asked.answer)
        seen += state.failed(asked.failed, asked.answer.trouble)
        yield state.apply(seen)


def _not_found_by_id(state: State, answer: Answer[Glance], lost: Lost) -> Iterator[Observation]:
    for name, why in answer.absent.items():
        successor = lost[name]
        if why.kind is not AbsenceKind.NOT_FOUND:
            yield judge.absent(name, why, state.identity(name), state.now)
        elif successor is None:
            state.vanished.append(judge.absent(name, why, state.identity(name), state.now))
        elif judge.same_owner(state.identity(name), successor):
            yield state.seen(name, successor)
        else:
            state.vanished.append(judge.reused(name, None, state.now))


def details(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    """Pass 2: details of what is new or changed, and of tonight's share of the rest."""
    records = defaultdict(list)
    for record in _chosen(state, entries):
        if record.facts:
            records[record.facts.glance.name_with_owner].append(record)
    glances = [same[0].facts.glance for same in records.values() if same[0].facts]
    question = Question(state.source.depth, _glance_name, state.source.sizes.depth)
    done = 0
    for asked in state.talk.ask(glances, question):
        answer = asked.answer
        done += len(answer.found) + len(answer.absent) + len(answer.faults)
        seen = list(_deepened(state, asked.answer, records))
        seen += [
            state.faulted(record.listed_as, fault)
            for name, fault in answer.faults.items()
            for record in records[name]
        ]
        seen += _without_commits(state, asked.answer, records)
        yield state.apply(seen)
        state.progress("details", done, len(glances))
    state.ending.details_waiting += len(glances) - done


def _chosen(state: State, entries: Sequence[str]) -> list[Record]:
    live = state.live(entries)
    chosen = [r for r in live if r.facts and due.is_due(r.facts.details, r.facts.glance)]
    if state.source.sizes.rotates:
        taken = {record.key for record in chosen}
        chosen += [r for r in due.rotation(live, state.now) if r.key not in taken]
    return chosen


def _deepened(
    state: State, answer: Answer[Depth], records: Mapping[str, list[Record]]
) -> Iterator[Observation]:
    for name, depth in answer.found.items():
        for record in records[name]:
            yield state.again(record).model_copy(
                update={
                    "details": depth.details,
                    "counts": depth.counts,
                    "contributors": depth.contributors,
                }
            )


def _without_commits(
    state: State, answer: Answer[Depth], records: Mapping[str, list[Record]]
) -> Iterator[Observation]:
    """Call repositories empty whose files GitHub refuses to list because there are none."""
    for name, why in answer.absent.items():
        for record in records[name] if why.kind is AbsenceKind.EMPTY else ():
            if record.facts:
                glance = record.facts.glance.model_copy(update={"empty": True})
                yield judge.seen(record.listed_as, glance, state.now, news=False)


def readmes(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    """Pass 3: the bytes of README blobs that are to be shown and not stored yet."""
    live = [record for record in state.live(entries) if record.key not in state.hidden]
    wanted = due.missing_readmes(live, state.stored)
    sharing = _by_oid(live)  # forks share a README
    done = 0
    for pack in due.packed(wanted, state.source.sizes):
        question = Question(state.source.readmes, _wanted_name, len(pack))
        for asked in state.talk.ask(pack, question):
            done += len(asked.answer.found)
            found = [asked.answer.found[w.target.name] for w in pack if _brought(asked, w)]
            seen = [obs for one in found for obs in _with_encoding(state, sharing, one)]
            for item in pack:
                if fault := asked.answer.faults.get(item.target.name):
                    done += 1
                    keys = sharing[item.blob.oid]
                    seen += [state.faulted(state.records[key].listed_as, fault) for key in keys]
            yield state.apply(seen, [fetched.readme for fetched in found])
            state.progress("READMEs", done, len(wanted))
    state.ending.readmes_waiting += len(wanted) - done


def _by_oid(records: Sequence[Record]) -> Mapping[str, list[str]]:
    keys = defaultdict(list)
    for record in records:
        details = record.facts.details if record.facts else None
        if details and details.readme:
            keys[details.readme.oid].append(record.key)
    return keys


def _brought(asked: Asked[Wanted, Fetched], wanted: Wanted) -> bool:
    return wanted.target.name in asked.answer.found


def _with_encoding(
    state: State, sharing: Mapping[str, list[str]], fetched: Fetched
) -> Iterator[Observation]:
    """Note the encoding in every record that has this README."""
    for key in sharing[fetched.readme.oid]:
        record = state.records[key]
        found = record.facts.details if record.facts else None
        if found and found.readme:
            blob = found.readme.model_copy(update={"encoding": fetched.encoding})
            update = {"details": found.model_copy(update={"readme": blob})}
            yield state.again(record).model_copy(update=update)


def last_readmes(state: State, entries: Sequence[str]) -> Batch:
    """Go on showing the README before, where the bytes of a new one did not come.

    Without a basis the details are due again, so the next run asks for the new one.
    """
    kept = []
    for record in state.live(entries):
        details = record.facts.details if record.facts else None
        if details is None or details.readme is None or details.readme.oid in state.stored:
            continue
        if record.key in state.hidden:  # never asked for, so that it would be due for ever
            continue
        before = state.known.get(record.key)
        old = before.facts.details if before and before.facts else None
        if old and old.readme and old.readme.oid in state.stored and _same(before, record):
            update = {
                "details": details.model_copy(update={"readme": old.readme, "basis": Basis()})
            }
            kept.append(state.again(record).model_copy(update=update))
    return state.apply(kept)


def _same(before: Record | None, record: Record) -> bool:
    ids = [r.identity.repository_id for r in (before, record) if r and r.identity]
    return len(set(ids)) == 1


def contributors(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    """Count the contributors of a few repositories over REST, while requests can be spared."""
    lacking = due.needs_contributors(state.live(entries))
    chosen = lacking[: due.contributor_allowance(state.listed)]
    by_name = {r.facts.glance.name_with_owner: r for r in chosen if r.facts}
    glances = [r.facts.glance for r in by_name.values() if r.facts]

    def call(batch: Sequence[Glance]) -> Answer[Contributors]:
        return state.source.contributors(batch[0])

    for asked in state.talk.ask(glances, Question(call, _glance_name, 1)):
        counted = [
            state.again(by_name[name]).model_copy(update={"contributors": people})
            for name, people in asked.answer.found.items()
        ]
        failed = [
            state.faulted(by_name[name].listed_as, fault)
            for name, fault in asked.answer.faults.items()
        ]
        yield state.apply([*counted, *failed])


def _target_name(target: Target) -> str:
    return target.name


def _glance_name(glance: Glance) -> str:
    return glance.name_with_owner


def _wanted_name(wanted: Wanted) -> str:
    return wanted.target.name
