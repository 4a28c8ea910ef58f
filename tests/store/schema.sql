CREATE TRIGGER count_status AFTER UPDATE OF status ON segment_status BEGIN UPDATE status_count SET count = count - 1 WHERE status = old.status; INSERT INTO status_count VALUES (new.status, 1) ON CONFLICT DO UPDATE SET count = count + 1; END;

CREATE TABLE departed ( number INTEGER PRIMARY KEY, time TEXT NOT NULL, id TEXT, source TEXT, mt TEXT NOT NULL, target TEXT, status TEXT NOT NULL, note TEXT NOT NULL, revisions TEXT NOT NULL ) STRICT;

CREATE TABLE draft ( position INTEGER PRIMARY KEY REFERENCES segment (position), text TEXT NOT NULL, time TEXT NOT NULL ) STRICT;

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE migration (name TEXT PRIMARY KEY, time TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE original ( number INTEGER PRIMARY KEY, path TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, mtime_ns INTEGER NOT NULL, compressed INTEGER NOT NULL CHECK (compressed IN (0, 1)) ) STRICT;

CREATE TABLE original_chunk ( number INTEGER NOT NULL REFERENCES original (number), chunk INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (number, chunk) ) STRICT;

CREATE TABLE reference ( position INTEGER NOT NULL REFERENCES segment (position), number INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (position, number) ) STRICT, WITHOUT ROWID;

CREATE TABLE revision ( number INTEGER PRIMARY KEY, position INTEGER NOT NULL REFERENCES segment (position), parent INTEGER REFERENCES revision (number), text TEXT, status TEXT NOT NULL CHECK (status IN ('new', 'draft', 'confirmed', 'reviewed', 'rejected')), actor TEXT NOT NULL, rewriter TEXT, hunks TEXT, time TEXT NOT NULL ) STRICT;

CREATE INDEX revision_position ON revision (position, parent, number);

CREATE TRIGGER revision_remains BEFORE DELETE ON revision BEGIN SELECT raise(ABORT, 'revisions are never deleted'); END;

CREATE TRIGGER revision_stays BEFORE UPDATE ON revision BEGIN SELECT raise(ABORT, 'revisions are never changed'); END;

CREATE TABLE segment ( position INTEGER PRIMARY KEY, line INTEGER NOT NULL, id TEXT, source TEXT, mt TEXT NOT NULL, target TEXT, status TEXT NOT NULL CHECK (status IN ('new', 'draft', 'confirmed', 'reviewed', 'rejected')), note TEXT NOT NULL, folded TEXT ) STRICT;

CREATE UNIQUE INDEX segment_id ON segment (id) WHERE id IS NOT NULL;

CREATE TABLE segment_status ( position INTEGER PRIMARY KEY REFERENCES segment (position), status TEXT NOT NULL CHECK (status IN ('new', 'draft', 'confirmed', 'reviewed', 'rejected')) ) STRICT;

CREATE INDEX segment_status_status ON segment_status (status, position);

CREATE TABLE state ( position INTEGER PRIMARY KEY REFERENCES segment (position), head INTEGER REFERENCES revision (number), text TEXT, status TEXT NOT NULL CHECK (status IN ('new', 'draft', 'confirmed', 'reviewed', 'rejected')), note TEXT NOT NULL, folded TEXT ) STRICT;

CREATE TABLE statistic ( position INTEGER NOT NULL REFERENCES segment (position), metric TEXT NOT NULL, which TEXT NOT NULL CHECK (which IN ('mt', 'target')), text_hash BLOB NOT NULL, numbers BLOB NOT NULL, PRIMARY KEY (position, metric, which) ) STRICT, WITHOUT ROWID;

CREATE TABLE statistic_total ( metric TEXT NOT NULL, which TEXT NOT NULL CHECK (which IN ('mt', 'current')), count INTEGER NOT NULL, numbers BLOB NOT NULL, PRIMARY KEY (metric, which) ) STRICT, WITHOUT ROWID;

CREATE TABLE status_count (status TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE suggestion ( position INTEGER NOT NULL REFERENCES segment (position), rewriter TEXT NOT NULL, model_revision TEXT NOT NULL, text TEXT NOT NULL, rank REAL NOT NULL, body TEXT NOT NULL, time TEXT NOT NULL, PRIMARY KEY (position, rewriter) ) STRICT, WITHOUT ROWID;
