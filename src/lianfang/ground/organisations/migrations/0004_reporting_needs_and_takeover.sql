-- A member reports to the community they live in; hours are certified by somebody else.
create function organisations_report_fits() returns trigger language plpgsql security definer set search_path = public as $$
declare
    here places_place;
begin
    select * into here from places_place where id = new.community_id;
    if (here.level <> 'street' and new.kind = 'leader') or (here.level <> 'community' and new.kind <> 'leader')
        or (new.kind = 'member' and new.valid_to is null and not exists (
            select from people_residence r
            where r.person_id = new.person_id and r.kind = 'actual' and r.valid_to is null and r.position >= here.lo and r.position < here.hi
        ))
    then
        perform organisations_refuse('report_where_one_lives', 'members report to the community they live in');
    end if;
    return new;
end $$;
create trigger organisations_report_fits before insert on organisations_report
    for each row execute function organisations_report_fits();

create function organisations_claim_fits() returns trigger language plpgsql security definer set search_path = public as $$
declare
    slip organisations_report;
begin
    select * into slip from organisations_report where id = new.report_id;
    if slip.signed_on is null then
        perform organisations_refuse('claim_of_a_signed_report', 'the community signs the report first');
    end if;
    if slip.community_id <> (select community_id from organisations_need where id = new.need_id) then
        perform organisations_refuse('report_where_one_lives', 'a need is taken on where one reported');
    end if;
    if new.certified_by is not null and exists (
        select from accounts_account a where a.id = new.certified_by and a.person_id = slip.person_id
    ) then
        perform organisations_refuse('claim_not_certified_by_oneself', 'hours are certified by somebody else');
    end if;
    return new;
end $$;
create trigger organisations_claim_fits before insert or update on organisations_claim
    for each row execute function organisations_claim_fits();
