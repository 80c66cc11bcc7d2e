// The lists of /v1/meetings as one would write them with fastify and better-sqlite3: prepared
// statements kept by their SQL, totals remembered by filter, keyset paging, rows of one flat table
// that has the API's fields ready. Usage: server.mjs DATABASE PORT
import Database from 'better-sqlite3';
import Fastify from 'fastify';

const LISTS = ['conveners', 'source_ids'];
const HIDDEN = ['row', 'first_day', 'last_day'];
const DAY = { from: (text) => day(text, '01', '01'), to: (text) => day(text, '12', '31') };

const [path, port] = process.argv.slice(2);
const database = new Database(path, { readonly: true });
const statements = new Map();
const totals = new Map();

function day(text, month, date) {
	const [year, m = month, d = date] = text.split('-');
	return Number(year + m + d);
}

// SQL and values of a parameter, as /v1/meetings means it.
const CONDITIONS = {
	from: (value) => ['last_day >= ?', DAY.from(value)],
	to: (value) => ['first_day <= ?', DAY.to(value)],
	series: (value) => ['series = ?', value],
	status: (value) => ['status = ?', value],
	kind: (value) => ['kind = ?', value],
	country: (value) => ['country = ?', value],
	convener: (value) => ['row IN (SELECT meeting FROM convener WHERE participant = ?)', value],
	participant: (value) => ['row IN (SELECT meeting FROM attendance WHERE participant = ?)', value],
};

function prepare(sql) {
	let statement = statements.get(sql);
	if (!statement) {
		statement = database.prepare(sql);
		statements.set(sql, statement);
	}
	return statement;
}

function conditions(query) {
	const found = Object.keys(CONDITIONS)
		.filter((name) => query[name] !== undefined)
		.map((name) => CONDITIONS[name](query[name]));
	return { sql: found.map(([sql]) => sql), values: found.map(([, value]) => value) };
}

function total({ sql, values }) {
	const where = sql.length ? ` WHERE ${sql.join(' AND ')}` : '';
	const key = JSON.stringify([where, values]);
	if (!totals.has(key))
		totals.set(key, prepare(`SELECT count(*) FROM meeting${where}`).pluck().get(values));
	return totals.get(key);
}

// Undated meetings come last; these lists' pages do not reach them.
function page({ sql, values }, after, limit) {
	const where = [...sql, 'first_day IS NOT NULL'];
	const bound = [...values];
	if (after) {
		where.push('(first_day, last_day, row) > (?, ?, ?)');
		bound.push(...JSON.parse(Buffer.from(after, 'base64url')));
	}
	return prepare(
		`SELECT * FROM meeting WHERE ${where.join(' AND ')}` +
			' ORDER BY first_day, last_day, row LIMIT ?',
	).all(...bound, limit + 1);
}

const server = Fastify({ logger: false, keepAliveTimeout: 300000 });

server.get('/', () => ({ ready: true }));

server.get('/v1/meetings', (request) => {
	const { cursor, limit: wanted, ...query } = request.query;
	const limit = Number(wanted ?? 100);
	const filter = conditions(query);
	const rows = page(filter, cursor, limit);
	let next = null;
	if (rows.length > limit) {
		rows.pop();
		const last = rows[limit - 1];
		const key = JSON.stringify([last.first_day, last.last_day, last.row]);
		const parameters = new URLSearchParams({ ...query, limit });
		parameters.set('cursor', Buffer.from(key).toString('base64url'));
		next = `/v1/meetings?${parameters}`;
	}
	for (const row of rows) {
		for (const name of LISTS) row[name] = JSON.parse(row[name]);
		for (const name of HIDDEN) delete row[name];
	}
	return { data: rows, page: { total: total(filter), count: rows.length, limit, next } };
});

await server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
