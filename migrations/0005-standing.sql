-- How long each reading of a running total or balance stands.
--
-- It stands from the end of its last possible day on, until the end of a day by which another reading
-- of its measure is certain to be later: that one begins after this one's last day, and both are not
-- of one conflict group.

CREATE TABLE aid_standing (
	row INTEGER NOT NULL REFERENCES aid, -- a reading that is not superseded
	from_day INTEGER, -- its last possible day; null where that is open or unknown
	until_day INTEGER, -- the day by which another has taken its place, 99999999 where that has no last day; null: none has
	reach INTEGER NOT NULL CHECK (reach BETWEEN 0 AND 4), -- it stands at the end of: 1 a month, 2 a quarter, 3 a year; 4: none takes its place
	-- What totals show of it and filter by, as in aid.
	id TEXT NOT NULL, -- slug
	kind TEXT NOT NULL, -- cumulative or remaining
	measure TEXT NOT NULL, -- what is read
	amount INTEGER NOT NULL, -- in units of the currency
	currency TEXT NOT NULL, -- ISO 4217
	qualifier TEXT, -- of the amount
	donor INTEGER, -- who gives
	recipient INTEGER, -- who gets
	category TEXT NOT NULL, -- for what
	mechanism TEXT, -- by which way
	claimant INTEGER, -- who states it
	meeting INTEGER, -- where it was announced
	conflict_group TEXT, -- figures that contradict each other
	since TEXT, -- EDTF
	since_text TEXT, -- as stated
	date TEXT -- EDTF
) STRICT;

-- Who may overtake, the latest begin first. One without a conflict group is a group of its own.
CREATE TEMP TABLE by_begin AS
SELECT measure, row_number() OVER (PARTITION BY measure ORDER BY first_day DESC, row) AS place,
	first_day AS first, CASE WHEN date_max IS NULL THEN 99999999 ELSE last_day END AS last,
	coalesce(conflict_group, '#' || row) AS side
FROM main.aid
WHERE kind <> 'package' AND superseded_by IS NULL AND date_min IS NOT NULL;
CREATE UNIQUE INDEX temp.by_begin_place ON by_begin (measure, place);

-- The earliest last day among those that begin then or later, whose it is, and that of the other sides.
CREATE TEMP TABLE overtaking AS
WITH RECURSIVE seen (measure, place, first, last, side, other) AS (
	SELECT measure, place, first, last, side, NULL FROM by_begin WHERE place = 1
	UNION ALL
	SELECT b.measure, b.place, b.first, min(b.last, s.last),
		CASE WHEN b.last < s.last THEN b.side ELSE s.side END,
		CASE WHEN b.side = s.side THEN s.other
			WHEN b.last < s.last THEN s.last
			ELSE min(b.last, coalesce(s.other, b.last)) END
	FROM seen AS s JOIN by_begin AS b ON b.measure = s.measure AND b.place = s.place + 1)
SELECT * FROM seen;
CREATE INDEX temp.overtaking_first ON overtaking (measure, first, place DESC);

-- Those that stand longest lie together: they are asked for most.
INSERT INTO aid_standing
SELECT row, from_day, until_day,
	CASE WHEN until_day IS NULL THEN 4
		WHEN until_day = 99999999 OR until_day / 10000 > from_day / 10000 THEN 3
		WHEN (until_day / 100 % 100 - 1) / 3 > (from_day / 100 % 100 - 1) / 3 THEN 2
		ELSE until_day / 100 > from_day / 100 END AS reach,
	id, kind, measure, amount, currency, qualifier, donor, recipient, category, mechanism, claimant, meeting,
	conflict_group, since, since_text, date
FROM (SELECT a.*, CASE WHEN a.date_max IS NOT NULL THEN a.last_day END AS from_day,
		CASE WHEN a.date_max IS NOT NULL THEN
			(SELECT CASE WHEN o.side = a.conflict_group THEN o.other ELSE o.last END
			FROM overtaking AS o WHERE o.measure = a.measure AND o.first > a.last_day
			ORDER BY o.first, o.place DESC LIMIT 1) END AS until_day
	FROM main.aid AS a WHERE a.kind <> 'package' AND a.superseded_by IS NULL)
ORDER BY reach DESC, kind, measure, from_day;
DROP TABLE temp.overtaking;
DROP TABLE temp.by_begin;

CREATE INDEX aid_standing_reach ON aid_standing (reach, from_day, until_day, row);
