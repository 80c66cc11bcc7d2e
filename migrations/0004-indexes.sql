-- The ways in: made after the rows, because that is faster.

CREATE UNIQUE INDEX record_id ON record (kind, id);
CREATE UNIQUE INDEX source_id ON source (id);
CREATE UNIQUE INDEX participant_id ON participant (id);
CREATE UNIQUE INDEX meeting_id ON meeting (id);
CREATE UNIQUE INDEX aid_id ON aid (id);
CREATE UNIQUE INDEX claim_id ON claim (id);

CREATE INDEX group_member_member ON group_member (member, "group");
CREATE INDEX participant_name ON participant (name);
CREATE INDEX participant_country ON participant (country) WHERE country IS NOT NULL;
CREATE INDEX meeting_title ON meeting (title);
CREATE INDEX meeting_named_count ON meeting (named_count);
CREATE INDEX meeting_ordinal ON meeting (ordinal) WHERE ordinal IS NOT NULL;
CREATE INDEX attendance_who ON attendance (participant, meeting);
CREATE INDEX aid_amount ON aid (currency, amount);
CREATE INDEX aid_donor ON aid (donor);
CREATE INDEX aid_recipient ON aid (recipient);
CREATE INDEX claim_day ON claim (first_day, last_day);
CREATE INDEX claim_claimant ON claim (claimant);
CREATE INDEX claim_subject ON claim (subject);
CREATE INDEX claim_meeting ON claim (meeting) WHERE meeting IS NOT NULL;
CREATE INDEX claim_aid ON claim (aid) WHERE aid IS NOT NULL;
CREATE INDEX claim_conflict_group ON claim (conflict_group) WHERE conflict_group IS NOT NULL;
CREATE INDEX record_source_source ON record_source (source, kind, record);
CREATE INDEX citation_record ON citation (kind, record, path);
CREATE UNIQUE INDEX fact_citation ON fact (citation, field);

-- Lists by day, with all that most filters look at: rows are chosen and counted without a look at the
-- table, which would take a read for each. The row stands before the rest, because it ends the order.
CREATE INDEX meeting_day ON meeting (first_day, last_day, row, status, kind, country, series, format,
	date_min, date_max, ordinal, date_basis, series_basis);
CREATE INDEX meeting_series_day ON meeting (series, first_day, last_day, row, status, kind, country,
	format);
CREATE INDEX aid_day ON aid (first_day, last_day, row, kind, category, currency, donor, recipient,
	mechanism, amount, qualifier, excluded, superseded_by, date_basis, date_min, date_max, measure,
	conflict_group, claimant, meeting);
CREATE INDEX aid_donor_day ON aid (donor, first_day, last_day, row, category, mechanism, currency, kind);
CREATE INDEX aid_measure ON aid (measure, first_day, last_day) WHERE measure IS NOT NULL;
CREATE INDEX chronicle_day ON chronicle (first_day, last_day, row, type);

-- Ranges that may reach into a window from before it; and those that may from more than a year before.
CREATE INDEX meeting_range ON meeting (first_day, last_day) WHERE last_day > first_day;
CREATE INDEX meeting_long_range ON meeting (first_day, last_day) WHERE last_day > first_day + 10000;
CREATE INDEX aid_range ON aid (first_day, last_day) WHERE last_day > first_day;
CREATE INDEX aid_long_range ON aid (first_day, last_day) WHERE last_day > first_day + 10000;
-- Those that end in another month than they begin in, by where they end.
CREATE INDEX aid_month_end ON aid (last_day) WHERE last_day / 100 > first_day / 100;
CREATE INDEX claim_range ON claim (first_day, last_day) WHERE last_day > first_day;
CREATE INDEX claim_long_range ON claim (first_day, last_day) WHERE last_day > first_day + 10000;
CREATE INDEX chronicle_range ON chronicle (first_day, last_day) WHERE last_day > first_day;
CREATE INDEX chronicle_long_range ON chronicle (first_day, last_day) WHERE last_day > first_day + 10000;

DROP INDEX attendance_participant;

-- Meetings by whoever has an entry of attendance, and by whoever convenes them, in the order of days;
-- a country's persons count for it.
CREATE TABLE meeting_taken_part (
	scope INTEGER NOT NULL REFERENCES participant, -- as a filter names it
	first_day INTEGER, -- of the meeting
	last_day INTEGER, -- of the meeting
	meeting INTEGER NOT NULL REFERENCES meeting -- the meeting
) STRICT;
CREATE TABLE meeting_convened (
	scope INTEGER NOT NULL REFERENCES participant, -- as a filter names it
	first_day INTEGER, -- of the meeting
	last_day INTEGER, -- of the meeting
	meeting INTEGER NOT NULL REFERENCES meeting -- the meeting
) STRICT;
CREATE INDEX scope_of_participant ON participant_scope (participant, scope);
INSERT INTO meeting_taken_part
SELECT DISTINCT s.scope, m.first_day, m.last_day, a.meeting
FROM attendance AS a CROSS JOIN participant_scope AS s ON s.participant = a.participant
CROSS JOIN meeting AS m ON m.row = a.meeting;
INSERT INTO meeting_convened
SELECT DISTINCT s.scope, m.first_day, m.last_day, c.meeting
FROM meeting_convener AS c CROSS JOIN participant_scope AS s ON s.participant = c.participant
CROSS JOIN meeting AS m ON m.row = c.meeting;
DROP INDEX scope_of_participant;
CREATE INDEX meeting_taken_part_day ON meeting_taken_part (scope, first_day, last_day, meeting);
CREATE INDEX meeting_convened_day ON meeting_convened (scope, first_day, last_day, meeting);
