-- What follows from the rows: computed once a load, never patched.

CREATE INDEX attendance_meeting ON attendance (meeting);
CREATE INDEX attendance_participant ON attendance (participant);
CREATE INDEX meeting_series ON meeting (series) WHERE series IS NOT NULL;
CREATE INDEX aid_meeting ON aid (meeting) WHERE meeting IS NOT NULL;
CREATE INDEX aid_contained_in ON aid (contained_in) WHERE contained_in IS NOT NULL;
CREATE INDEX aid_conflict_group ON aid (conflict_group) WHERE conflict_group IS NOT NULL;
CREATE UNIQUE INDEX aid_supersedes ON aid (supersedes) WHERE supersedes IS NOT NULL;

-- Whom a filter means that names a participant: itself, and for a country its persons.
CREATE TABLE participant_scope (
	scope INTEGER NOT NULL REFERENCES participant, -- as named
	participant INTEGER NOT NULL REFERENCES participant, -- who is meant
	PRIMARY KEY (scope, participant)
) STRICT, WITHOUT ROWID;

INSERT INTO participant_scope SELECT row, row FROM participant;
INSERT OR IGNORE INTO participant_scope
SELECT country.row, person.row
FROM participant AS country JOIN participant AS person ON person.country = country.country
WHERE country.kind = 'country' AND person.kind = 'person';

-- Meetings: entries of attendance that are neither declined nor absent.
UPDATE meeting SET named_count = named.count
FROM (SELECT meeting, count(*) AS count FROM attendance
	WHERE status NOT IN ('declined', 'absent') GROUP BY meeting) AS named
WHERE named.meeting = meeting.row;

-- Meetings: the neighbours in the series, where it is sure that nothing lies between. The previous one
-- ends surely before this one begins, after all others that do, and whatever else there is surely
-- does not come before; the next one likewise.
CREATE TEMP TABLE standing AS
SELECT row, series, CASE WHEN date_min IS NOT NULL THEN first_day END AS first,
	CASE WHEN date_max IS NOT NULL THEN last_day END AS last
FROM main.meeting
WHERE series IS NOT NULL AND status NOT IN ('cancelled', 'postponed');
-- Counted from the earliest end: how many end by then; and from the latest begin.
CREATE TEMP TABLE by_end AS
SELECT series, row, first, last, row_number() OVER w AS place, lag(last) OVER w AS nearer
FROM standing WHERE last IS NOT NULL
WINDOW w AS (PARTITION BY series ORDER BY last, row);
CREATE TEMP TABLE by_begin AS
SELECT series, row, first, last, row_number() OVER w AS place, lag(first) OVER w AS nearer
FROM standing WHERE first IS NOT NULL
WINDOW w AS (PARTITION BY series ORDER BY first DESC, row);
CREATE INDEX temp.by_end_day ON by_end (series, last, place);
CREATE INDEX temp.by_begin_day ON by_begin (series, first, place);
CREATE UNIQUE INDEX temp.by_end_place ON by_end (series, place);
CREATE UNIQUE INDEX temp.by_begin_place ON by_begin (series, place);
CREATE UNIQUE INDEX temp.standing_row ON standing (row);
CREATE TEMP TABLE series_size AS SELECT series, count(*) AS size FROM standing GROUP BY series;
CREATE UNIQUE INDEX temp.series_size_series ON series_size (series);

CREATE TEMP TABLE around AS
SELECT m.row, m.series, z.size - (s.row IS NOT NULL) AS others,
	(SELECT e.place FROM by_end AS e WHERE e.series = m.series AND e.last < m.first
		ORDER BY e.last DESC, e.place DESC LIMIT 1) AS before,
	(SELECT b.place FROM by_begin AS b WHERE b.series = m.series AND b.first > m.last
		ORDER BY b.first, b.place DESC LIMIT 1) AS after,
	coalesce((SELECT b.place FROM by_begin AS b WHERE b.series = m.series AND b.first >= m.last
		ORDER BY b.first, b.place DESC LIMIT 1), 0)
		- (s.row IS NOT NULL AND m.first IS m.last) AS not_before,
	coalesce((SELECT e.place FROM by_end AS e WHERE e.series = m.series AND e.last <= m.first
		ORDER BY e.last DESC, e.place DESC LIMIT 1), 0)
		- (s.row IS NOT NULL AND m.first IS m.last) AS not_after
FROM (SELECT row, series, CASE WHEN date_min IS NOT NULL THEN first_day END AS first,
		CASE WHEN date_max IS NOT NULL THEN last_day END AS last
	FROM main.meeting WHERE series IS NOT NULL AND first_day IS NOT NULL) AS m
JOIN series_size AS z ON z.series = m.series
LEFT JOIN standing AS s ON s.row = m.row;

UPDATE meeting SET previous = sure.previous
FROM (SELECT a.row, e.row AS previous
	FROM around AS a JOIN by_end AS e ON e.series = a.series AND e.place = a.before
	WHERE a.before + a.not_before = a.others AND (e.nearer IS NULL OR e.nearer < e.first)) AS sure
WHERE sure.row = meeting.row;
UPDATE meeting SET next = sure.next
FROM (SELECT a.row, b.row AS next
	FROM around AS a JOIN by_begin AS b ON b.series = a.series AND b.place = a.after
	WHERE a.after + a.not_after = a.others AND (b.nearer IS NULL OR b.nearer > b.last)) AS sure
WHERE sure.row = meeting.row;
DROP TABLE temp.around;
DROP TABLE temp.series_size;
DROP TABLE temp.by_begin;
DROP TABLE temp.by_end;
DROP TABLE temp.standing;

-- Participants: the meetings that they, or a country's persons, have to do with.
CREATE TEMP TABLE taking_part AS
SELECT s.scope, a.meeting, max(a.status = 'attended') AS attended
FROM main.attendance AS a JOIN main.participant_scope AS s ON s.participant = a.participant
GROUP BY s.scope, a.meeting;
CREATE TEMP TABLE giving AS
WITH pair AS (SELECT donor, recipient, count(*) AS figures FROM main.aid GROUP BY donor, recipient)
SELECT scope, sum(figures) AS count FROM (
	SELECT s.scope, p.donor, p.recipient, p.figures
	FROM pair AS p JOIN main.participant_scope AS s ON s.participant = p.donor
	UNION
	SELECT s.scope, p.donor, p.recipient, p.figures
	FROM pair AS p JOIN main.participant_scope AS s ON s.participant = p.recipient)
GROUP BY scope;
UPDATE participant SET meeting_count = part.meetings, attended_count = part.attended,
	first_date = part.first, last_date = part.last
FROM (SELECT t.scope, count(*) AS meetings, sum(t.attended) AS attended,
		min(m.date_min) AS first, max(m.date_max) AS last
	FROM taking_part AS t JOIN main.meeting AS m ON m.row = t.meeting GROUP BY t.scope) AS part
WHERE part.scope = participant.row;
UPDATE participant SET aid_count = giving.count FROM giving WHERE giving.scope = participant.row;
DROP TABLE temp.giving;
DROP TABLE temp.taking_part;

-- Aid: the correction, and why a figure is never added: the first reason that applies.
UPDATE aid SET superseded_by = correction.row, excluded = 'superseded'
FROM (SELECT row, supersedes FROM aid WHERE supersedes IS NOT NULL) AS correction
WHERE correction.supersedes = aid.row;

-- Packages that another one of their group, not superseded, contradicts.
CREATE TEMP TABLE conflicting AS
WITH side AS (
	SELECT conflict_group, count(*) AS standing FROM main.aid
	WHERE conflict_group IS NOT NULL AND kind = 'package' AND superseded_by IS NULL
	GROUP BY conflict_group)
SELECT a.row FROM side AS s JOIN main.aid AS a ON a.conflict_group = s.conflict_group
WHERE a.kind = 'package' AND s.standing > (a.superseded_by IS NULL);
CREATE UNIQUE INDEX temp.conflicting_row ON conflicting (row);

-- A superseded figure stands for its last correction. From that one back: a chain may be as long as
-- the timeline, and each figure is met once.
CREATE TEMP TABLE correction AS
WITH RECURSIVE chain (figure, at) AS (
	SELECT supersedes, row FROM main.aid WHERE supersedes IS NOT NULL AND superseded_by IS NULL
	UNION ALL
	SELECT a.supersedes, c.at FROM chain AS c JOIN main.aid AS a ON a.row = c.figure
	WHERE a.supersedes IS NOT NULL)
SELECT figure, at FROM chain;
CREATE UNIQUE INDEX temp.correction_figure ON correction (figure);

-- What lies in what, and from each package that counts down to the next ones that do. A figure lies
-- in one other at most, so each is met once, but corrections may lead back: then a package meets itself.
-- The cast lets the index be used: an expression's column has no type.
CREATE TEMP TABLE inside AS
SELECT a.row AS figure, CAST(coalesce(c.at, a.contained_in) AS INTEGER) AS container
FROM main.aid AS a LEFT JOIN correction AS c ON c.figure = a.contained_in
WHERE a.contained_in IS NOT NULL;
CREATE INDEX temp.inside_container ON inside (container);
CREATE TEMP TABLE counting AS
SELECT DISTINCT i.container AS row FROM inside AS i JOIN main.aid AS a ON a.row = i.container
WHERE a.kind = 'package' AND NOT EXISTS (SELECT 1 FROM conflicting AS x WHERE x.row = a.row);
CREATE UNIQUE INDEX temp.counting_row ON counting (row);
CREATE TEMP TABLE contained AS
WITH RECURSIVE below (figure, package) AS (
	SELECT i.figure, i.container FROM counting AS c JOIN inside AS i ON i.container = c.row
	UNION ALL
	SELECT i.figure, b.package FROM below AS b JOIN inside AS i ON i.container = b.figure
	WHERE NOT EXISTS (SELECT 1 FROM counting AS c WHERE c.row = b.figure))
SELECT b.figure FROM below AS b JOIN main.aid AS a ON a.row = b.figure
WHERE a.kind = 'package' AND b.figure <> b.package;
DROP TABLE temp.counting;
DROP TABLE temp.inside;

UPDATE aid SET excluded = 'contained'
WHERE superseded_by IS NULL AND row IN (SELECT figure FROM contained);
UPDATE aid SET excluded = 'conflicting'
WHERE excluded IS NULL AND row IN (SELECT row FROM conflicting);
DROP TABLE temp.contained;
DROP TABLE temp.correction;
DROP TABLE temp.conflicting;
