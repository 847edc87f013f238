-- What readers send and what a desk decides. One schema for SQLite and for
-- PostgreSQL: {text} is a text that is compared byte by byte. Moments are
-- milliseconds since 1970, yes and no are 1 and 0, hashes are written in hex.

CREATE TABLE comments (
	id {text} PRIMARY KEY,
	story {text} NOT NULL,
	parent {text} NOT NULL,
	lang {text} NOT NULL,
	name {text} NOT NULL,
	email {text} NOT NULL,
	person {text} NOT NULL, -- the e-mail address as persons are looked for
	text {text} NOT NULL,
	original {text} NOT NULL,
	state {text} NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected', 'spam', 'forgotten')),
	sent BIGINT NOT NULL,
	decided BIGINT NOT NULL,
	decider {text} NOT NULL,
	paper INTEGER NOT NULL,
	flags {text} NOT NULL,
	source {text} NOT NULL,
	sought {text} NOT NULL, -- name, address and text as words are looked for
	same {text} NOT NULL, -- a hash of the text without case, marks and spaces
	once {text} UNIQUE, -- the idempotency key
	shown INTEGER NOT NULL, -- whether it was ever approved, so that an edition may have it
	seq BIGINT NOT NULL -- its number in the export; 0: not for export, -1: changed since
);
CREATE INDEX comments_sent ON comments (sent, id);
CREATE INDEX comments_state ON comments (state, sent, id);
CREATE INDEX comments_story ON comments (story, sent, id);
CREATE INDEX comments_source ON comments (source, sent);
CREATE INDEX comments_person ON comments (person);
CREATE INDEX comments_same ON comments (same);
CREATE INDEX comments_seq ON comments (seq);

CREATE TABLE tallies (
	story {text} PRIMARY KEY,
	yes BIGINT NOT NULL,
	no BIGINT NOT NULL,
	seq BIGINT NOT NULL -- as that of comments
);
CREATE INDEX tallies_seq ON tallies (seq);

CREATE TABLE votes (
	story {text} NOT NULL,
	cookie {text} NOT NULL,
	address {text} NOT NULL,
	yes INTEGER NOT NULL,
	PRIMARY KEY (story, cookie, address)
);
CREATE INDEX votes_address ON votes (story, address);

CREATE TABLE stories (
	id {text} PRIMARY KEY,
	url {text} NOT NULL,
	title {text} NOT NULL,
	lang {text} NOT NULL,
	open INTEGER NOT NULL,
	rating INTEGER NOT NULL
);

CREATE TABLE closed (story {text} PRIMARY KEY);

CREATE TABLE settings (
	name {text} PRIMARY KEY,
	value {text} NOT NULL
);

CREATE TABLE secrets (
	name {text} PRIMARY KEY,
	value {text} NOT NULL
);

CREATE TABLE buckets (
	name {text} PRIMARY KEY,
	until BIGINT NOT NULL -- in microseconds
);
CREATE INDEX buckets_until ON buckets (until);

CREATE TABLE accounts (
	name {text} PRIMARY KEY,
	role {text} NOT NULL,
	hash {text} NOT NULL,
	made BIGINT NOT NULL
);

CREATE TABLE sessions (
	id {text} PRIMARY KEY,
	account {text} NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
	until BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account);

CREATE TABLE feeds (
	account {text} PRIMARY KEY REFERENCES accounts (name) ON DELETE CASCADE,
	secret {text} NOT NULL UNIQUE
);

CREATE TABLE acts (
	n BIGINT PRIMARY KEY,
	at BIGINT NOT NULL,
	who {text} NOT NULL,
	what {text} NOT NULL,
	comment {text} NOT NULL,
	story {text} NOT NULL,
	detail {text} NOT NULL
);
CREATE INDEX acts_comment ON acts (comment);
