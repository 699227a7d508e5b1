-- Visits of a stretch by {level} and local day. A {level} may lie in two stretches.
insert into {table} as t (book, position, begins, outcome, span, place, visits)
select s.book, g.{level}_lo, s.begins, s.outcome, g.{level}_hi - g.{level}_lo, g.{level}, count(*)
from (
    select book, position, date_trunc('day', effective_at, 'Asia/Shanghai') as begins, payload ->> 'outcome' as outcome
    from standing where kind = 'visit'
) s
join standing_ground g on g.at = s.position
where g.{level} is not null
group by s.book, g.{level}_lo, s.begins, s.outcome, g.{level}_hi, g.{level}
on conflict (book, position, begins, outcome) do update set visits = t.visits + excluded.visits;
