BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE board (
	person_platform VARCHAR NOT NULL, 
	person_scope VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_board PRIMARY KEY (person_platform, person_scope, person_id)
);
INSERT INTO "board" VALUES('discord','guild','ann','Ann');
CREATE TABLE debate (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	deck_id VARCHAR NOT NULL, 
	deck_sha VARCHAR NOT NULL, 
	person_platform VARCHAR NOT NULL, 
	person_scope VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	place_platform VARCHAR NOT NULL, 
	place_scope VARCHAR NOT NULL, 
	place_channel VARCHAR NOT NULL, 
	place_thread VARCHAR NOT NULL, 
	side VARCHAR NOT NULL, 
	level VARCHAR NOT NULL, 
	opened_at VARCHAR(32) NOT NULL, 
	ended_at VARCHAR(32), 
	CONSTRAINT fk_debate_deck_sha_deck FOREIGN KEY(deck_sha) REFERENCES deck (sha)
);
INSERT INTO "debate" VALUES(1,'talks','sha','discord','guild','ann','discord','guild','room','thread','for','novice','2026-11-23T12:00:00.000000+00:00','2026-11-23T12:00:00.000000+00:00');
INSERT INTO "debate" VALUES(2,'talks','sha','discord','guild','ann','discord','guild','room','thread','for','novice','2026-11-23T12:00:00.000000+00:00',NULL);
CREATE TABLE deck (
	sha VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	json VARCHAR NOT NULL, 
	CONSTRAINT pk_deck PRIMARY KEY (sha)
);
INSERT INTO "deck" VALUES('sha','talks','{"cards":[]}');
CREATE TABLE entry (
	debate_id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	body VARCHAR NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_entry PRIMARY KEY (debate_id, seq), 
	CONSTRAINT fk_entry_debate_id_debate FOREIGN KEY(debate_id) REFERENCES debate (id) ON DELETE CASCADE
);
INSERT INTO "entry" VALUES(1,0,'started','{"kind":"started","deck":"talks","deck_sha":"sha","rubric_sha":"rubric","side":"for","level":"novice","format":"spar","seed":7,"first":false,"practise":"","at":"2026-11-23T12:00:00Z"}','2026-11-23T12:00:00.000000+00:00');
INSERT INTO "entry" VALUES(1,1,'opened','{"kind":"opened","acts":[]}','2026-11-23T12:00:00.000000+00:00');
INSERT INTO "entry" VALUES(1,2,'spoke','{"kind":"spoke","key":"m2","text":"Talks change nothing, since neither side can give way.","at":"2026-11-23T12:00:00Z","erased":false}','2026-11-23T12:00:00.000000+00:00');
INSERT INTO "entry" VALUES(1,3,'answered','{"kind":"answered","counts":true,"retry":false,"acts":[]}','2026-11-23T23:16:02.460547+00:00');
INSERT INTO "entry" VALUES(1,4,'ended','{"kind":"ended","why":"left"}','2026-11-23T12:00:00.000000+00:00');
INSERT INTO "entry" VALUES(2,0,'started','{"kind":"started","deck":"talks","deck_sha":"sha","rubric_sha":"rubric","side":"for","level":"novice","format":"spar","seed":7,"first":false,"practise":"","at":"2026-11-23T12:00:00Z"}','2026-11-23T12:00:00.000000+00:00');
INSERT INTO "entry" VALUES(2,1,'opened','{"kind":"opened","acts":[]}','2026-11-23T12:00:00.000000+00:00');
INSERT INTO "entry" VALUES(2,2,'spoke','{"kind":"spoke","key":"m5","text":"It’s only a signal — “worth little”.","at":"2026-11-23T12:00:00Z","erased":false}','2026-11-23T12:00:00.000000+00:00');
CREATE TABLE inbox (
	number INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	debate_id INTEGER, 
	first_seq INTEGER, 
	last_seq INTEGER, 
	text VARCHAR NOT NULL, 
	erased BOOLEAN NOT NULL, 
	person_platform VARCHAR NOT NULL, 
	person_scope VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	place_platform VARCHAR NOT NULL, 
	place_scope VARCHAR NOT NULL, 
	place_channel VARCHAR NOT NULL, 
	place_thread VARCHAR NOT NULL, 
	locale VARCHAR NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	answered_at VARCHAR(32), 
	delivered_at VARCHAR(32), 
	CONSTRAINT pk_inbox PRIMARY KEY (number), 
	CONSTRAINT uq_inbox_key UNIQUE ("key"), 
	CONSTRAINT fk_inbox_debate_id_debate FOREIGN KEY(debate_id) REFERENCES debate (id) ON DELETE CASCADE
);
INSERT INTO "inbox" VALUES(1,'m1','command',1,0,1,'!start',0,'discord','guild','ann','discord','guild','room','thread','en','2026-11-23T12:00:00.000000+00:00','2026-11-23T12:00:00.000000+00:00','2026-11-23T23:16:02.485520+00:00');
INSERT INTO "inbox" VALUES(2,'m2','speech',1,2,3,'Talks change nothing, since neither side can give way.',0,'discord','guild','ann','discord','guild','room','thread','en','2026-11-23T12:00:00.000000+00:00','2026-11-23T23:16:02.460547+00:00','2026-11-23T23:16:02.485534+00:00');
INSERT INTO "inbox" VALUES(3,'m3','command',1,4,4,'!end',0,'discord','guild','ann','discord','guild','room','thread','en','2026-11-23T12:00:00.000000+00:00','2026-11-23T12:00:00.000000+00:00','2026-11-23T23:16:02.485535+00:00');
INSERT INTO "inbox" VALUES(4,'m4','command',2,0,1,'!start',0,'discord','guild','ann','discord','guild','room','thread','en','2026-11-23T12:00:00.000000+00:00','2026-11-23T12:00:00.000000+00:00','2026-11-23T23:16:02.485535+00:00');
INSERT INTO "inbox" VALUES(5,'m5','speech',2,2,NULL,'It’s only a signal — “worth little”.',0,'discord','guild','ann','discord','guild','room','thread','en','2026-11-23T12:00:00.000000+00:00',NULL,NULL);
CREATE TABLE result (
	debate_id INTEGER NOT NULL, 
	deck_id VARCHAR NOT NULL, 
	side VARCHAR NOT NULL, 
	level VARCHAR NOT NULL, 
	score FLOAT NOT NULL, 
	contested FLOAT, 
	complete BOOLEAN NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_result PRIMARY KEY (debate_id), 
	CONSTRAINT fk_result_debate_id_debate FOREIGN KEY(debate_id) REFERENCES debate (id) ON DELETE CASCADE
);
INSERT INTO "result" VALUES(1,'talks','for','novice',61.5,NULL,1,'2026-11-23T12:00:00.000000+00:00');
CREATE TABLE setting (
	scope VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY (scope, name)
);
INSERT INTO "setting" VALUES('store','secret','607dfcbb8495043b153927331085cc049745cd001b9d91e00a39adcb9eea5c40');
INSERT INTO "setting" VALUES('store','stamp','2eaffc840c4946118e6911a613e424d0');
INSERT INTO "setting" VALUES('guild','notice','shown');
CREATE TABLE tombstone (
	hmac VARCHAR NOT NULL, 
	CONSTRAINT pk_tombstone PRIMARY KEY (hmac)
);
INSERT INTO "tombstone" VALUES('680ed9a35539848497e6953c1908966fa85653ba723f65ce912dd2a8242b34cc');
CREATE UNIQUE INDEX uq_debate_open ON debate (person_platform, person_scope, person_id, place_platform, place_scope, place_channel, place_thread) WHERE ended_at IS NULL;
CREATE INDEX ix_debate_person ON debate (person_platform, person_scope, person_id);
CREATE INDEX ix_inbox_unfinished ON inbox (number) WHERE delivered_at IS NULL;
CREATE INDEX ix_inbox_person ON inbox (person_platform, person_scope, person_id);
CREATE INDEX ix_inbox_debate_id ON inbox (debate_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('debate',2);
COMMIT;
