-- A share from 0 up to 1 that depends on a row's number and on what it is asked for, the same on every server.
CREATE FUNCTION pg_temp.share(row_number bigint, asked_for integer) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(row_number, asked_for) & 1073741823) / 1073741824.0::double precision;

CREATE FUNCTION pg_temp.one_of(words text[], row_number bigint, asked_for integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN words[1 + floor(pg_temp.share(row_number, asked_for) * array_length(words, 1))::integer];

-- Nine o'clock in the morning of a day, by the clock in London.
CREATE FUNCTION pg_temp.morning(day date) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (day + time '09:00') AT TIME ZONE 'Europe/London';

-- A place of two syllables, so that names are many and every one can be said.
CREATE FUNCTION pg_temp.place(row_number bigint, asked_for integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_temp.one_of(
    '{Ash,Brad,Carl,Dun,Elm,Fen,Gran,Hart,Ing,Kel,Lang,Marl,Nor,Oak,Pen,Quen,Ros,Sal,Thorn,Wel}', row_number, asked_for
) || pg_temp.one_of(
    '{bridge,bury,by,combe,dale,den,field,ford,ham,hurst,ley,mere,minster,pool,stead,thorpe,ton,wick,wood,worth}',
    row_number, asked_for + 1
);

CREATE FUNCTION pg_temp.person(row_number bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_temp.one_of(
    '{Aisha,Alan,Beth,Carol,Daniel,Dev,Ellen,Farid,Grace,Hannah,Ian,Joy,Karl,Lena,Moira,Nadia,Owen,Priya,Ruth,Tom}',
    row_number, 1
) || ' ' || pg_temp.place(row_number, 2);
