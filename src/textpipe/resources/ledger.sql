-- What a store knows. The Parquet files that `shards` does not name do not exist for a reader.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- state: running, done, stopped (asked to, or out of space), failed, killed (found so by the next run).
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, began TEXT NOT NULL, finished TEXT,
  state TEXT NOT NULL, version TEXT NOT NULL, recipe INTEGER NOT NULL REFERENCES recipes (id),
  given INTEGER NOT NULL DEFAULT 0, read INTEGER NOT NULL DEFAULT 0, coded INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0, removed INTEGER NOT NULL DEFAULT 0,
  seconds REAL, message TEXT NOT NULL DEFAULT '');

-- stages: JSON, the fingerprint of each stage in order.
CREATE TABLE recipes (id INTEGER PRIMARY KEY, stages TEXT NOT NULL UNIQUE);

CREATE TABLE shards (
  id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
  documents INTEGER NOT NULL, run INTEGER NOT NULL REFERENCES runs (id));

-- A file that was read. modified: nanoseconds, or NULL where it was too fresh to be trusted.
-- version counts its contents from 1. live: whether the last run was given it.
CREATE TABLE sources (
  name TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER, modified INTEGER, sha256 TEXT NOT NULL,
  ingest TEXT NOT NULL, version INTEGER NOT NULL, first_run INTEGER NOT NULL, run INTEGER NOT NULL,
  live INTEGER NOT NULL, gone_run INTEGER) WITHOUT ROWID;

-- An article of a source, at one place of a shard. It is live where its source is, in its version;
-- the source of a long file is noted when it has been read to its end, after its first articles.
CREATE TABLE documents (
  id TEXT PRIMARY KEY, source TEXT NOT NULL, version INTEGER NOT NULL,
  digest TEXT NOT NULL, content TEXT NOT NULL, recipe INTEGER NOT NULL REFERENCES recipes (id),
  shard INTEGER NOT NULL REFERENCES shards (id), place INTEGER NOT NULL,
  first_run INTEGER NOT NULL, run INTEGER NOT NULL,
  coded INTEGER NOT NULL, unsure INTEGER NOT NULL, duplicates INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX documents_by_source ON documents (source, version);
CREATE INDEX documents_by_digest ON documents (digest);
CREATE INDEX documents_by_recipe ON documents (recipe);
CREATE INDEX documents_by_shard ON documents (shard);

-- What could not be read or coded. part: the source, or the article within it.
CREATE TABLE failures (
  source TEXT NOT NULL, part TEXT NOT NULL, stage TEXT NOT NULL, reason TEXT NOT NULL,
  traceback TEXT NOT NULL, recipe INTEGER NOT NULL, run INTEGER NOT NULL,
  PRIMARY KEY (source, part, stage)) WITHOUT ROWID;

-- Why a source or its articles were read or coded, or left the corpus.
CREATE TABLE events (
  source TEXT NOT NULL, run INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX events_by_source ON events (source);

-- The reports last written to a folder. generation: of the store; see meta.
CREATE TABLE reports (
  folder TEXT PRIMARY KEY, generation INTEGER NOT NULL, fingerprint TEXT NOT NULL,
  run INTEGER NOT NULL, name TEXT NOT NULL, finished TEXT NOT NULL, documents INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE reported (folder TEXT NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (folder, run)) WITHOUT ROWID;
