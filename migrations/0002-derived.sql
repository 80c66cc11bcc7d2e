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
ALTER TABLE meeting ADD COLUMN named_count INTEGER NOT NULL DEFAULT 0;
UPDATE meeting SET named_count = named.count
FROM (SELECT meeting, count(*) AS count FROM attendance
	WHERE status NOT IN ('declined', 'absent') GROUP BY meeting) AS named
WHERE named.meeting = meeting.row;

-- Meetings: the neighbours in the series, where it is sure that nothing lies between.
ALTER TABLE meeting ADD COLUMN previous INTEGER REFERENCES meeting;
ALTER TABLE meeting ADD COLUMN next INTEGER REFERENCES meeting;

CREATE TEMP TABLE by_end AS
SELECT series, row, first_day, last_day,
	row_number() OVER (PARTITION BY series ORDER BY last_day, row) AS place,
	lag(last_day) OVER (PARTITION BY series ORDER BY last_day, row) AS before
FROM main.meeting
WHERE series IS NOT NULL AND status NOT IN ('cancelled', 'postponed') AND date_max IS NOT NULL;
CREATE TEMP TABLE by_start AS
SELECT series, row, first_day, last_day,
	row_number() OVER (PARTITION BY series ORDER BY first_day DESC, row) AS place,
	lag(first_day) OVER (PARTITION BY series ORDER BY first_day DESC, row) AS after
FROM main.meeting
WHERE series IS NOT NULL AND status NOT IN ('cancelled', 'postponed') AND date_min IS NOT NULL;
CREATE INDEX temp.by_end_day ON by_end (series, last_day, place);
CREATE INDEX temp.by_start_day ON by_start (series, first_day, place);
CREATE TEMP TABLE series_size AS
SELECT series, count(*) AS size FROM main.meeting
WHERE series IS NOT NULL AND status NOT IN ('cancelled', 'postponed') GROUP BY series;
CREATE UNIQUE INDEX temp.series_size_series ON series_size (series);

-- One meeting's neighbours: how many end before it begins, how many begin after it ends; sure when
-- these and the meeting itself are the whole series.
CREATE TEMP TABLE neighbour AS
SELECT m.row,
	(SELECT e.row FROM by_end AS e WHERE e.series = m.series AND e.last_day < m.first_day
		ORDER BY e.last_day DESC, e.place DESC LIMIT 1) AS previous,
	(SELECT s.row FROM by_start AS s WHERE s.series = m.series AND s.first_day > m.last_day
		ORDER BY s.first_day, s.place DESC LIMIT 1) AS next
FROM main.meeting AS m
WHERE m.series IS NOT NULL AND m.date_min IS NOT NULL AND m.date_max IS NOT NULL;
CREATE UNIQUE INDEX temp.by_end_row ON by_end (row);
CREATE UNIQUE INDEX temp.by_start_row ON by_start (row);
DELETE FROM neighbour WHERE row IN (
	SELECT n.row
	FROM neighbour AS n
	JOIN main.meeting AS m ON m.row = n.row
	LEFT JOIN by_end AS e ON e.row = n.previous
	LEFT JOIN by_start AS s ON s.row = n.next
	LEFT JOIN series_size AS z ON z.series = m.series
	WHERE coalesce(e.place, 0) + coalesce(s.place, 0) + (m.status NOT IN ('cancelled', 'postponed'))
		<> coalesce(z.size, 0));
CREATE UNIQUE INDEX temp.neighbour_row ON neighbour (row);
UPDATE meeting SET previous = sure.previous
FROM (SELECT n.row, n.previous FROM neighbour AS n JOIN by_end AS e ON e.row = n.previous
	WHERE e.before IS NULL OR (e.before < e.first_day
		AND EXISTS (SELECT 1 FROM by_start AS s WHERE s.row = e.row))) AS sure
WHERE sure.row = meeting.row;
UPDATE meeting SET next = sure.next
FROM (SELECT n.row, n.next FROM neighbour AS n JOIN by_start AS s ON s.row = n.next
	WHERE s.after IS NULL OR (s.after > s.last_day
		AND EXISTS (SELECT 1 FROM by_end AS e WHERE e.row = s.row))) AS sure
WHERE sure.row = meeting.row;
DROP TABLE temp.neighbour;
DROP TABLE temp.series_size;
DROP TABLE temp.by_start;
DROP TABLE temp.by_end;

-- Participants: the meetings that they, or a country's persons, have to do with.
CREATE TEMP TABLE taking_part AS
SELECT s.scope, a.meeting, max(a.status = 'attended') AS attended
FROM main.attendance AS a JOIN main.participant_scope AS s ON s.participant = a.participant
GROUP BY s.scope, a.meeting;
CREATE TEMP TABLE giving AS
SELECT scope, count(*) AS count FROM (
	SELECT s.scope, a.row FROM main.aid AS a JOIN main.participant_scope AS s ON s.participant = a.donor
	UNION
	SELECT s.scope, a.row FROM main.aid AS a JOIN main.participant_scope AS s ON s.participant = a.recipient)
GROUP BY scope;
ALTER TABLE participant ADD COLUMN meeting_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE participant ADD COLUMN attended_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE participant ADD COLUMN first_date TEXT;
ALTER TABLE participant ADD COLUMN last_date TEXT;
ALTER TABLE participant ADD COLUMN aid_count INTEGER NOT NULL DEFAULT 0;
UPDATE participant SET meeting_count = part.meetings, attended_count = part.attended,
	first_date = part.first, last_date = part.last
FROM (SELECT t.scope, count(*) AS meetings, sum(t.attended) AS attended,
		min(m.date_min) AS first, max(m.date_max) AS last
	FROM taking_part AS t JOIN main.meeting AS m ON m.row = t.meeting GROUP BY t.scope) AS part
WHERE part.scope = participant.row;
UPDATE participant SET aid_count = giving.count FROM giving WHERE giving.scope = participant.row;
DROP TABLE temp.giving;
DROP TABLE temp.taking_part;

-- Aid: the single year, quarter and month that the date is certain to lie in.
ALTER TABLE aid ADD COLUMN year INTEGER AS (
	CASE WHEN date_min IS NOT NULL AND date_max IS NOT NULL AND first_day / 10000 = last_day / 10000
		THEN first_day / 10000 END) VIRTUAL;
ALTER TABLE aid ADD COLUMN quarter TEXT AS (
	CASE WHEN date_min IS NOT NULL AND date_max IS NOT NULL
		AND first_day / 10000 = last_day / 10000
		AND (first_day / 100 % 100 + 2) / 3 = (last_day / 100 % 100 + 2) / 3
		THEN substr(date_min, 1, 4) || '-Q' || ((first_day / 100 % 100 + 2) / 3) END) VIRTUAL;
ALTER TABLE aid ADD COLUMN month TEXT AS (
	CASE WHEN date_min IS NOT NULL AND date_max IS NOT NULL AND first_day / 100 = last_day / 100
		THEN substr(date_min, 1, 7) END) VIRTUAL;

-- Aid: the correction, and why a figure is never added: the first reason that applies.
ALTER TABLE aid ADD COLUMN superseded_by INTEGER REFERENCES aid;
ALTER TABLE aid ADD COLUMN excluded TEXT CHECK (excluded IN ('superseded', 'contained', 'conflicting'));
UPDATE aid SET superseded_by = correction.row, excluded = 'superseded'
FROM (SELECT row, supersedes FROM aid WHERE supersedes IS NOT NULL) AS correction
WHERE correction.supersedes = aid.row;

-- Packages that another one of their group, not superseded, contradicts.
CREATE TEMP TABLE conflicting AS
SELECT a.row FROM main.aid AS a
WHERE a.kind = 'package' AND a.conflict_group IS NOT NULL AND EXISTS (
	SELECT 1 FROM main.aid AS b
	WHERE b.conflict_group = a.conflict_group AND b.kind = 'package'
		AND b.row <> a.row AND b.superseded_by IS NULL);
CREATE UNIQUE INDEX temp.conflicting_row ON conflicting (row);

-- A superseded figure stands for its last correction.
CREATE TEMP TABLE correction AS
WITH RECURSIVE chain (figure, at) AS (
	SELECT row, superseded_by FROM main.aid WHERE superseded_by IS NOT NULL
	UNION
	SELECT c.figure, a.superseded_by FROM chain AS c JOIN main.aid AS a ON a.row = c.at
	WHERE a.superseded_by IS NOT NULL)
SELECT c.figure, c.at FROM chain AS c JOIN main.aid AS a ON a.row = c.at
WHERE a.superseded_by IS NULL;
CREATE UNIQUE INDEX temp.correction_figure ON correction (figure);

CREATE TEMP TABLE contained AS
WITH RECURSIVE inside (figure, container) AS (
	SELECT a.row, coalesce(c.at, a.contained_in)
	FROM main.aid AS a LEFT JOIN correction AS c ON c.figure = a.contained_in
	WHERE a.kind = 'package' AND a.contained_in IS NOT NULL
	UNION
	SELECT i.figure, coalesce(c.at, a.contained_in)
	FROM inside AS i JOIN main.aid AS a ON a.row = i.container
	LEFT JOIN correction AS c ON c.figure = a.contained_in
	WHERE a.contained_in IS NOT NULL)
SELECT DISTINCT i.figure FROM inside AS i JOIN main.aid AS a ON a.row = i.container
WHERE a.kind = 'package' AND i.container <> i.figure
	AND NOT EXISTS (SELECT 1 FROM conflicting AS x WHERE x.row = a.row);

UPDATE aid SET excluded = 'contained'
WHERE superseded_by IS NULL AND row IN (SELECT figure FROM contained);
UPDATE aid SET excluded = 'conflicting'
WHERE excluded IS NULL AND row IN (SELECT row FROM conflicting);
DROP TABLE temp.contained;
DROP TABLE temp.correction;
DROP TABLE temp.conflicting;
