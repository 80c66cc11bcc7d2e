#include <udcg/base/edtf.h>

/* Not by <time.h>: its calls take a lock and may read the time zone's file. */

enum {
	DAYS_4_YEARS = 1461,
	DAYS_100_YEARS = 36524,
	DAYS_400_YEARS = 146097,
	YEARS = 10000, /* a whole number of 400 */
};

/* Days since 1 March of the year 0. Years that begin in March have their leap day at the end. */
static int number_of(int day)
{
	int month = (day / 100 % 100 + 9) % 12; /* 0 is March */
	int year = day / 10000 - month / 10;
	return 365 * year + year / 4 - year / 100 + year / 400 + (306 * month + 5) / 10 + day % 100
		- 1;
}

static int day_of(int number)
{
	int cycles = number / DAYS_400_YEARS;
	int rest = number % DAYS_400_YEARS;
	/* The last century of a cycle, and the last year of four, is a day longer. */
	int centuries = rest / DAYS_100_YEARS - rest / (DAYS_400_YEARS - 1);
	rest -= centuries * DAYS_100_YEARS;
	int fours = rest / DAYS_4_YEARS;
	rest -= fours * DAYS_4_YEARS;
	int years = rest / 365 - rest / (DAYS_4_YEARS - 1);
	rest -= years * 365;

	int month = (10 * rest + 5) / 306;
	int year = 400 * cycles + 100 * centuries + 4 * fours + years + month / 10;
	return 10000 * year + 100 * ((month + 2) % 12 + 1) + rest - (306 * month + 5) / 10 + 1;
}

int day_add(int day, int n)
{
	const int days = DAYS_400_YEARS * (YEARS / 400);
	if (n < -days || n > days)
		return 0;
	int sum = number_of(day) + n;
	int found = sum < 0 ? 0 : day_of(sum);
	return found >= 10000101 && found <= 99991231 ? found : 0;
}

void day_format(int day, char text[static DAY_TEXT_SIZE])
{
	for (int at = DAY_TEXT_SIZE - 2; at >= 0; at--) {
		if (at == 4 || at == 7) {
			text[at] = '-';
			continue;
		}
		text[at] = (char)('0' + day % 10);
		day /= 10;
	}
	text[DAY_TEXT_SIZE - 1] = '\0';
}
