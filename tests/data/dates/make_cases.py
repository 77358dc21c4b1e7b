#!/usr/bin/env python3
"""Writes dates.jsonl: what python-dateutil 2.8.2 makes of texts, on 2026-11-29 in Europe/Paris.

    TZ=Europe/Paris python3 make_cases.py > dates.jsonl          (needs python-dateutil 2.8.2)

One line each: {"text": ..., "date": ...}; date is null for what is no date, else the local fields and the zone: seconds east of
Greenwich, "local", or the name of the local zone as it was written.
"""

import datetime
import json
import random
import time
import warnings

from dateutil import parser

warnings.simplefilter("ignore")
random.seed(1)
TODAY = datetime.datetime(2026, 11, 29)

GIVEN = ["2030-01-01", "2030-01-01 10:00", "2030-01-01T10:00:00Z", "Jan 1 2030 10am", "20300101T1000",
         "2030-01-01 10:00:00.25+01:30", "2030-01-01 10:00 -0330", "2030-01-01T00:00+03", "2030-01-01T10:00:00 EST", "01/02/2030",
         "13/02/2030", "2030-01-01T25:00", "2030-13-01", "+1h", "1893456000", "tomorrow", "now", "", " ", "10:30", "10:30 CET",
         "10:30 CEST", "friday", "sunday 10:00", "2030-02-30", "2030-01-01 10:00 GMT+3", "2030-01-01 10:00 BRST+3", "12h30",
         "2030-01-01 10:00 (UTC)", "2030-01-01 10:00 +0300 (MSK)", "1st of January 2030", "Jan of 30", "300101", "30-01-01",
         "2030-01-01 10:00:00,5", "2030-01-01 10.5h", "2030-01-01T10:00:00+24:00", "2030-01-01T10:00:00-23:59", "feb", "20300101100000",
         "2030.01.02 03:04", "3 pm", "15 pm", "0 am", "nan", "10:nan", "inf", "2030-01-01\t10:00"]

words = ['Jan','january','Feb','March','sep','Sept','Dec','may','Mon','tuesday','fri','am','pm','AM','a','p','PM','h','hours','m','minute','s','seconds','at','on','and','of','st','nd','th','t','T','Z','z','UTC','GMT','EST','CEST','utc','foo','inf','nan','BRST','ad',"'"]
seps = [' ',' ','-','-','/',':',':','.',',',';','+','-','T','','',' ','(',')','_']


def num():
    r=random.random()
    if r<.4: return str(random.randint(0,31)).zfill(random.choice([1,2]))
    if r<.6: return str(random.randint(0,60)).zfill(2)
    if r<.75: return random.choice(['2030','2031','1999','1','99','30','100','101','0','00','2000','9999','10000'])
    if r<.85: return ''.join(random.choice('0123456789') for _ in range(random.choice([3,4,5,6,7,8,10,12,14])))
    return '%d.%s'%(random.randint(0,60),''.join(random.choice('0123456789') for _ in range(random.randint(0,7))))
fm = ['%Y-%m-%d','%Y-%m-%d %H:%M','%Y-%m-%dT%H:%M:%S','%Y-%m-%dT%H:%M:%SZ','%Y%m%dT%H%M','%Y%m%d%H%M%S','%b %d %Y %I%p','%d %B %Y %H:%M:%S','%m/%d/%Y','%d/%m/%Y %H:%M','%H:%M','%A %H:%M','%d.%m.%Y %H:%M','%Y-%m-%dT%H:%M:%S.%f+0130','%a, %d %b %Y %H:%M:%S +0000','%c','%x','%X','%y%m%d','%Y%m%d %H%M%S','%B %d, %Y at %I:%M %p','%b-%d-%Y','%d-%b-%y','%Hh%M','%H h','%Y-%m-%d %H:%M:%S,%f','%Y-%m-%d %H:%M -0330','%Y-%m-%d %H:%M GMT+3','%Y-%m-%d %H:%M:%S EST','%Y-%m-%d %H:%M +03:00 (BRST)','%d of %B %Y','%B of %y','%Y/%m/%d','%Y-%j','%G-W%V-%u','%s']


def one():
    r=random.random()
    if r<.35:
        d=datetime.datetime(random.randint(1,9999) if random.random()<.1 else random.randint(1990,2060),random.randint(1,12),random.randint(1,28),random.randint(0,23),random.randint(0,59),random.randint(0,59),random.randint(0,999999))
        s=d.strftime(random.choice(fm))
        if random.random()<.4 and s:
            i=random.randrange(len(s)); s=s[:i]+random.choice(['','0','1',' ','-',':','T','.','x','+','pm'])+s[i+random.choice([0,1]):]
        return s
    parts=[]
    for _ in range(random.randint(1,9)):
        parts.append(num() if random.random()<.6 else random.choice(words)); parts.append(random.choice(seps))
    if random.random()<.7: parts.pop()
    return ''.join(parts)


def date_of(text):
    try:
        read, _ = parser.DEFAULTPARSER._parse(text)
        if read is None or len(read) == 0:
            return None
        local = parser.DEFAULTPARSER._build_naive(read, TODAY)
        aware = parser.DEFAULTPARSER._build_tzaware(local, read, {})
        if read.tzname and read.tzname in time.tzname:
            zone = read.tzname
        elif aware.tzinfo is None:
            zone = "local"
        else:
            aware.isoformat()  # refuses offsets of a day
            zone = str(int(aware.utcoffset().total_seconds()))
        return local.strftime("%Y").zfill(4) + local.strftime("-%m-%dT%H:%M:%S.%f ") + zone
    except (ValueError, TypeError, OverflowError, ArithmeticError):
        return None


for case in GIVEN + [one() for _ in range(600)]:
    print(json.dumps({"text": case, "date": date_of(case)}))
