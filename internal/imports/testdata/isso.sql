PRAGMA user_version = 5;
CREATE TABLE preferences (key VARCHAR PRIMARY KEY, value VARCHAR);
CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL, notification INTEGER NOT NULL DEFAULT 0);
INSERT INTO preferences VALUES ('session-key', 'secret');
INSERT INTO threads VALUES (1, '/2026/11/mill-fire/', 'Fire at the mill'), (2, '/2026/11/harbour/', 'Harbour');
INSERT INTO comments (tid, id, parent, created, mode, remote_addr, text, author, email, voters) VALUES
	(1, 1, NULL, 1795170667.25, 1, '192.0.2.0', 'It is *so*: `a<b>c`, and x<y.' || char(10) || char(10) || '> quoted' || char(10) || '<https://pictures.example/mill>', 'Ada', 'ada@mail.example', x'00'),
	(1, 2, 1, 1795170700, 1, '192.0.2.0', '<p>Imported from <a href="https://other.example/">elsewhere</a></p>', NULL, NULL, x'00'),
	(1, 3, NULL, 1795170701, 2, '192.0.2.0', 'Waits', 'Bo', NULL, x'00'),
	(1, 4, NULL, 1795170702, 4, '192.0.2.0', '', NULL, NULL, x'00'),
	(2, 5, 4, 1795170703, 1, '192.0.2.0', x'68ff69', 'Cy', '', x'00'),
	(2, 6, 4, 'never', 1, '192.0.2.0', 'Without a time', 'Cy', '', x'00'),
	(9, 7, NULL, 1795170704, 1, '192.0.2.0', 'Without a thread', 'Cy', '', x'00');
