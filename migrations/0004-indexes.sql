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
CREATE INDEX meeting_day ON meeting (first_day, last_day);
CREATE INDEX meeting_title ON meeting (title);
CREATE INDEX meeting_series_day ON meeting (series, first_day, last_day);
CREATE INDEX meeting_convener_participant ON meeting_convener (participant, meeting);
CREATE INDEX attendance_who ON attendance (participant, meeting);
CREATE INDEX aid_day ON aid (first_day, last_day);
CREATE INDEX aid_amount ON aid (currency, amount);
CREATE INDEX aid_donor_day ON aid (donor, first_day, last_day);
CREATE INDEX aid_recipient ON aid (recipient);
CREATE INDEX aid_measure ON aid (measure, first_day, last_day) WHERE measure IS NOT NULL;
CREATE INDEX claim_day ON claim (first_day, last_day);
CREATE INDEX claim_claimant ON claim (claimant);
CREATE INDEX claim_subject ON claim (subject);
CREATE INDEX claim_meeting ON claim (meeting) WHERE meeting IS NOT NULL;
CREATE INDEX claim_aid ON claim (aid) WHERE aid IS NOT NULL;
CREATE INDEX claim_conflict_group ON claim (conflict_group) WHERE conflict_group IS NOT NULL;
CREATE INDEX chronicle_day ON chronicle (first_day, last_day);
CREATE INDEX record_source_source ON record_source (source, kind, record);
CREATE INDEX citation_record ON citation (kind, record, path);
CREATE UNIQUE INDEX fact_citation ON fact (citation, field);

-- Ranges that may reach into a window from before it.
CREATE INDEX meeting_range ON meeting (first_day, last_day) WHERE last_day > first_day;
CREATE INDEX aid_range ON aid (first_day, last_day) WHERE last_day > first_day;
CREATE INDEX claim_range ON claim (first_day, last_day) WHERE last_day > first_day;
CREATE INDEX chronicle_range ON chronicle (first_day, last_day) WHERE last_day > first_day;

DROP INDEX attendance_participant;
