-- What a timeline says, row by row. A load fills these tables in canonical order: rowids follow the
-- order of ids, so that comparing two rowids of a table compares the ids. What follows from the rows
-- stands last in its table and is filled by the next step.
-- Days are integers yyyymmdd; 0 never occurs. EDTF texts are kept as written.

-- The timeline's header and the program that loaded it; one row.
CREATE TABLE dataset (
	row INTEGER PRIMARY KEY CHECK (row = 1), -- always 1
	title TEXT NOT NULL, -- of the timeline
	released TEXT NOT NULL, -- YYYY-MM-DD, as its header says
	licence TEXT NOT NULL, -- of the timeline
	version TEXT NOT NULL CHECK (length(version) = 64), -- SHA-256 over the canonical content
	build TEXT NOT NULL -- the program build that rendered the rows
) STRICT;

-- The file that it was made of, so that a start can tell whether the database still holds; one row.
CREATE TABLE origin (
	row INTEGER PRIMARY KEY CHECK (row = 1), -- always 1
	size INTEGER NOT NULL, -- bytes
	inode INTEGER NOT NULL, -- its number
	modified INTEGER NOT NULL, -- nanoseconds since 1970
	sha256 TEXT NOT NULL -- of the bytes
) STRICT;

-- What a file's other pages digest to, so that one that was damaged since is not served; one row.
CREATE TABLE seal (
	row INTEGER PRIMARY KEY CHECK (row = 1), -- always 1
	sha256 TEXT NOT NULL -- of the pages but this table's, without the header's counters
) STRICT;

-- Every record in canonical form (RFC 8785), as an export writes it.
CREATE TABLE record (
	row INTEGER PRIMARY KEY, -- canonical order over all kinds
	kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5), -- 1 source, 2 participant, 3 meeting, 4 aid, 5 claim
	id TEXT NOT NULL, -- unique within its kind
	json TEXT NOT NULL -- without the key "record"
) STRICT;

-- Documents that the facts were read from.
CREATE TABLE source (
	row INTEGER PRIMARY KEY, -- in the order of ids
	id TEXT NOT NULL, -- slug
	file TEXT NOT NULL, -- name of the document's file
	publisher TEXT, -- who published it
	byline TEXT, -- author or agency as stamped
	language TEXT, -- BCP 47
	header_date TEXT, -- as stamped
	header_date_trusted INTEGER CHECK (header_date_trusted IN (0, 1)), -- 0 where the text contradicts it
	published TEXT, -- EDTF
	published_first INTEGER, -- day; the known end where the other is open
	published_last INTEGER, -- day; the known end where the other is open
	bytes INTEGER, -- size of the file
	sha256 TEXT, -- of the file
	url TEXT, -- where it stood
	note TEXT -- in our own words
) STRICT;

-- Persons, countries, organisations and groups.
CREATE TABLE participant (
	row INTEGER PRIMARY KEY, -- in the order of ids
	id TEXT NOT NULL, -- slug; a country's is its ISO code
	kind TEXT NOT NULL CHECK (kind IN ('person', 'country', 'organisation', 'group')), -- what it is
	name TEXT NOT NULL, -- as it is called
	country TEXT CHECK (length(country) = 2), -- ISO 3166 alpha-2, upper case
	note TEXT, -- in our own words
	meeting_count INTEGER NOT NULL DEFAULT 0, -- meetings that it, or a country's persons, have an entry in
	attended_count INTEGER NOT NULL DEFAULT 0, -- those of them that it attended
	first_date TEXT, -- earliest day of those meetings
	last_date TEXT, -- latest day
	aid_count INTEGER NOT NULL DEFAULT 0 -- figures that it gives or gets
) STRICT;

-- Other names, in the order of the timeline.
CREATE TABLE participant_alias (
	participant INTEGER NOT NULL REFERENCES participant, -- whose
	position INTEGER NOT NULL, -- from 0
	alias TEXT NOT NULL, -- the other name
	PRIMARY KEY (participant, position)
) STRICT, WITHOUT ROWID;

-- Titles as stated, in the order of the timeline.
CREATE TABLE participant_title (
	participant INTEGER NOT NULL REFERENCES participant, -- whose
	position INTEGER NOT NULL, -- from 0
	title TEXT NOT NULL, -- the title
	PRIMARY KEY (participant, position)
) STRICT, WITHOUT ROWID;

-- Who belongs to a group.
CREATE TABLE group_member (
	"group" INTEGER NOT NULL REFERENCES participant, -- the group
	member INTEGER NOT NULL REFERENCES participant, -- one of its members
	PRIMARY KEY ("group", member)
) STRICT, WITHOUT ROWID;

-- Meetings, calls and conferences.
CREATE TABLE meeting (
	row INTEGER PRIMARY KEY, -- in the order of ids
	id TEXT NOT NULL, -- slug
	title TEXT NOT NULL, -- what it is called
	kind TEXT NOT NULL CHECK (kind IN ('meeting', 'call', 'conference')), -- a call has two sides
	series INTEGER REFERENCES participant, -- the group or organisation whose meeting it is
	series_basis TEXT CHECK (series_basis IN ('stated', 'derived')), -- of `series`
	ordinal INTEGER, -- 23 for the 23rd of its series
	date TEXT, -- EDTF
	date_min TEXT, -- earliest day, YYYY-MM-DD; null where open or unknown
	date_max TEXT, -- latest day
	date_precision TEXT NOT NULL CHECK (date_precision IN ('day', 'month', 'year', 'span', 'between', 'unknown')), -- form of `date`
	date_qualifier TEXT CHECK (date_qualifier IN ('uncertain', 'approximate', 'both')), -- of `date`
	date_basis TEXT CHECK (date_basis IN ('stated', 'derived')), -- of `date`
	first_day INTEGER, -- date_min as a day, or date_max where that is open
	last_day INTEGER, -- date_max as a day, or date_min where that is open
	place TEXT, -- town as named
	venue TEXT, -- building or base
	country TEXT CHECK (length(country) = 2), -- where; ISO 3166 alpha-2
	format TEXT CHECK (format IN ('in_person', 'virtual', 'hybrid')), -- how they met
	status TEXT NOT NULL CHECK (status IN ('planned', 'held', 'postponed', 'cancelled')), -- what became of it
	part_of INTEGER REFERENCES meeting, -- the larger meeting
	note TEXT, -- in our own words
	named_count INTEGER NOT NULL DEFAULT 0, -- entries of attendance that are neither declined nor absent
	previous INTEGER REFERENCES meeting, -- in the series, where it is sure that nothing lies between
	next INTEGER REFERENCES meeting -- likewise
) STRICT;

-- Town and building of a meeting with case folded away, for the filter `place`.
CREATE TABLE meeting_place (
	folded TEXT NOT NULL, -- Unicode case folding in NFC
	meeting INTEGER NOT NULL REFERENCES meeting, -- where it is
	PRIMARY KEY (folded, meeting)
) STRICT, WITHOUT ROWID;

-- Who convenes, hosts or invites.
CREATE TABLE meeting_convener (
	meeting INTEGER NOT NULL REFERENCES meeting, -- the meeting
	participant INTEGER NOT NULL REFERENCES participant, -- who convenes it
	PRIMARY KEY (meeting, participant)
) STRICT, WITHOUT ROWID;

-- Who takes part; in the order of meeting, participant, representative (none last).
CREATE TABLE attendance (
	row INTEGER PRIMARY KEY, -- in that order
	meeting INTEGER NOT NULL REFERENCES meeting, -- the meeting
	position INTEGER NOT NULL, -- from 0, in the exported record
	participant INTEGER NOT NULL REFERENCES participant, -- who
	role TEXT NOT NULL CHECK (role IN ('chair', 'participant', 'accompanying', 'speaker')), -- as what
	status TEXT NOT NULL CHECK (status IN ('invited', 'accepted', 'expected', 'attended', 'declined', 'absent')), -- how far it came
	mode TEXT CHECK (mode IN ('in_person', 'remote')), -- how
	representative TEXT -- a title, where the person is not named
) STRICT;

-- How many were invited, accepted, expected or attended.
CREATE TABLE headcount (
	meeting INTEGER NOT NULL REFERENCES meeting, -- the meeting
	position INTEGER NOT NULL, -- from 0, in the exported record
	value INTEGER NOT NULL, -- the number
	qualifier TEXT, -- exact, about, …
	counts TEXT NOT NULL CHECK (counts IN ('invited', 'accepted', 'expected', 'attended')), -- which of them
	unit TEXT NOT NULL CHECK (unit IN ('countries', 'people')), -- of what
	PRIMARY KEY (meeting, position)
) STRICT, WITHOUT ROWID;

-- Aid figures as reported.
CREATE TABLE aid (
	row INTEGER PRIMARY KEY, -- in the order of ids
	id TEXT NOT NULL, -- slug
	kind TEXT NOT NULL CHECK (kind IN ('package', 'cumulative', 'remaining')), -- a grant, a running total, a balance
	measure TEXT, -- which running total or balance this is a reading of
	amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991), -- whole units of the currency
	currency TEXT NOT NULL CHECK (length(currency) = 3), -- ISO 4217
	qualifier TEXT CHECK (qualifier IN ('exact', 'about', 'nearly', 'more_than', 'at_least', 'up_to')), -- of the amount
	donor INTEGER REFERENCES participant, -- who gives
	recipient INTEGER REFERENCES participant, -- who gets
	category TEXT NOT NULL CHECK (category IN ('military', 'financial', 'humanitarian', 'unspecified')), -- for what
	verb TEXT, -- as stated: announced, signed, …
	mechanism TEXT, -- slug
	claimant INTEGER REFERENCES participant, -- who states the figure; null: the report itself
	announced_by INTEGER REFERENCES participant, -- who announced it
	date TEXT, -- EDTF: announced on, or stands at
	date_min TEXT, -- earliest day, YYYY-MM-DD; null where open or unknown
	date_max TEXT, -- latest day
	date_precision TEXT NOT NULL CHECK (date_precision IN ('day', 'month', 'year', 'span', 'between', 'unknown')), -- form of `date`
	date_qualifier TEXT CHECK (date_qualifier IN ('uncertain', 'approximate', 'both')), -- of `date`
	date_basis TEXT CHECK (date_basis IN ('stated', 'derived')), -- of `date`
	first_day INTEGER, -- date_min as a day, or date_max where that is open
	last_day INTEGER, -- date_max as a day, or date_min where that is open
	since TEXT, -- EDTF: baseline of a running total
	since_text TEXT, -- the baseline where it is no date
	deliver_by TEXT, -- EDTF
	meeting INTEGER REFERENCES meeting, -- where it was announced
	meeting_basis TEXT CHECK (meeting_basis IN ('stated', 'derived')), -- of `meeting`
	contained_in INTEGER REFERENCES aid, -- this figure lies inside that one
	supersedes INTEGER REFERENCES aid, -- the figure that this one corrects
	conflict_group TEXT, -- slug shared by figures that contradict each other
	note TEXT, -- in our own words
	-- the single year, quarter and month that the date is certain to lie in
	year INTEGER AS (
		CASE WHEN date_min IS NOT NULL AND date_max IS NOT NULL AND first_day / 10000 = last_day / 10000
			THEN first_day / 10000 END) VIRTUAL,
	quarter TEXT AS (
		CASE WHEN date_min IS NOT NULL AND date_max IS NOT NULL
			AND first_day / 10000 = last_day / 10000
			AND (first_day / 100 % 100 + 2) / 3 = (last_day / 100 % 100 + 2) / 3
			THEN substr(date_min, 1, 4) || '-Q' || ((first_day / 100 % 100 + 2) / 3) END) VIRTUAL,
	month TEXT AS (
		CASE WHEN date_min IS NOT NULL AND date_max IS NOT NULL AND first_day / 100 = last_day / 100
			THEN substr(date_min, 1, 7) END) VIRTUAL,
	superseded_by INTEGER REFERENCES aid, -- the correction
	excluded TEXT CHECK (excluded IN ('superseded', 'contained', 'conflicting')) -- why it is never added: the first reason that applies
) STRICT;

-- What a package holds, in the order of the timeline.
CREATE TABLE aid_item (
	aid INTEGER NOT NULL REFERENCES aid, -- the figure
	position INTEGER NOT NULL, -- from 0
	item TEXT NOT NULL, -- one thing
	PRIMARY KEY (aid, position)
) STRICT, WITHOUT ROWID;

-- Figures that overlap; both directions.
CREATE TABLE aid_overlap (
	aid INTEGER NOT NULL REFERENCES aid, -- one figure
	other INTEGER NOT NULL REFERENCES aid, -- the other
	PRIMARY KEY (aid, other)
) STRICT, WITHOUT ROWID;

-- Any other quantity or commitment that somebody asserts.
CREATE TABLE claim (
	row INTEGER PRIMARY KEY, -- in the order of ids
	id TEXT NOT NULL, -- slug
	type TEXT NOT NULL CHECK (type IN ('deployment', 'force_level', 'casualties', 'count', 'pledge', 'request', 'expectation', 'policy', 'event')), -- what is claimed
	statement TEXT NOT NULL, -- one sentence, our own words
	value INTEGER, -- the number
	unit TEXT, -- of the number
	qualifier TEXT CHECK (qualifier IN ('exact', 'about', 'nearly', 'more_than', 'at_least', 'up_to')), -- of the number
	claimant INTEGER REFERENCES participant, -- who says so
	representative TEXT, -- as what, where the claimant is not named
	subject INTEGER REFERENCES participant, -- about whom
	date TEXT, -- EDTF: when what it asserts was, is or will be so
	date_min TEXT, -- earliest day, YYYY-MM-DD; null where open or unknown
	date_max TEXT, -- latest day
	date_precision TEXT NOT NULL CHECK (date_precision IN ('day', 'month', 'year', 'span', 'between', 'unknown')), -- form of `date`
	date_qualifier TEXT CHECK (date_qualifier IN ('uncertain', 'approximate', 'both')), -- of `date`
	date_basis TEXT CHECK (date_basis IN ('stated', 'derived')), -- of `date`
	first_day INTEGER, -- date_min as a day, or date_max where that is open
	last_day INTEGER, -- date_max as a day, or date_min where that is open
	horizon TEXT, -- EDTF: until when
	conflict_group TEXT, -- slug shared by claims that contradict each other
	negative INTEGER NOT NULL CHECK (negative IN (0, 1)), -- 1 where nothing is what is claimed
	contained_in INTEGER REFERENCES claim, -- the claim that this one is a part of
	meeting INTEGER REFERENCES meeting, -- where it was said
	meeting_basis TEXT CHECK (meeting_basis IN ('stated', 'derived')), -- of `meeting`
	aid INTEGER REFERENCES aid, -- the figure that it is about
	note TEXT -- in our own words
) STRICT;

-- Where the words stand that support a record, or a part of one.
CREATE TABLE citation (
	row INTEGER PRIMARY KEY, -- in the order of records, then of the exported evidence
	kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5), -- kind of the record, as in `record`
	record INTEGER NOT NULL, -- row in that kind's table
	path TEXT NOT NULL, -- JSON Pointer of the part: '' or /attendance/3 or /headcounts/0
	source INTEGER NOT NULL REFERENCES source, -- the document
	byte_start INTEGER NOT NULL, -- into the file
	byte_end INTEGER NOT NULL, -- half-open
	char_start INTEGER, -- the same in code points
	char_end INTEGER, -- half-open
	paragraph INTEGER, -- from 1, blank lines not counted
	sha256 TEXT NOT NULL, -- of those bytes
	basis TEXT NOT NULL CHECK (basis IN ('stated', 'derived')), -- how the fact follows
	reasoning TEXT, -- in our own words
	quote TEXT -- verbatim, where the licence allows
) STRICT;

-- One row per citation and field that it supports.
CREATE TABLE fact (
	source INTEGER NOT NULL REFERENCES source, -- the document
	byte_start INTEGER NOT NULL, -- of the citation
	byte_end INTEGER NOT NULL, -- of the citation
	type TEXT NOT NULL, -- kind of the record, by name
	id TEXT NOT NULL, -- of the record
	field TEXT NOT NULL, -- JSON Pointer into the exported record
	citation INTEGER NOT NULL REFERENCES citation, -- the rest of it
	PRIMARY KEY (source, byte_start, byte_end, type, id, field)
) STRICT, WITHOUT ROWID;

-- The documents that a record cites, its parts' citations included.
CREATE TABLE record_source (
	kind INTEGER NOT NULL, -- as in `record`
	record INTEGER NOT NULL, -- row in that kind's table
	source INTEGER NOT NULL REFERENCES source, -- the document
	PRIMARY KEY (kind, record, source)
) STRICT, WITHOUT ROWID;
