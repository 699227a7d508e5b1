-- What must hold whatever writes: the life of a branch, who may belong where, who may lead, and the end that goes with the host.
-- All run as the owner: a rule counts every row, not only those that the writer may see.

create function organisations_refuse(rule text, says text) returns void language plpgsql as $$
begin
    raise exception using errcode = 'check_violation', constraint = rule, message = says;
end $$;

create function organisations_without_relation(kind text) returns boolean language sql immutable as $$
    select kind in ('temporary_branch', 'action_branch', 'functional_branch')
$$;

-- The life of a branch: applied, approved, active, dissolved or converted; nothing is skipped and nothing comes back.
create function organisations_branch_step() returns trigger language plpgsql security definer set search_path = public as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'applied' then
            perform organisations_refuse('branch_begins_with_its_application', 'a branch begins with its application');
        end if;
    elsif new.state <> old.state and (old.state, new.state) not in (
        ('applied', 'approved'), ('applied', 'refused'), ('applied', 'withdrawn'), ('approved', 'active'), ('approved', 'withdrawn'),
        ('active', 'dissolved'), ('active', 'converted')
    ) then
        perform organisations_refuse('branch_in_turn', 'a branch that is ' || old.state || ' cannot become ' || new.state);
    elsif old.organisation_id is not null and new.organisation_id is distinct from old.organisation_id then
        perform organisations_refuse('branch_stays_itself', 'a branch stays the organisation it was founded as');
    end if;
    if new.state in ('approved', 'active') and not exists (
        select from organisations_organisation o where o.id = new.approver_id and o.kind = 'party_committee'
    ) then
        perform organisations_refuse('branch_approved_by_a_committee', 'a branch is approved by a Party committee');
    end if;
    if new.state = 'active' and (
        exists (select from organisations_organisation o where o.id = new.host_id and o.valid_to is not null)
        or exists (select from incidents_incident i where i.id = new.incident_id and i.ended_at is not null)
    ) then
        perform organisations_refuse('branch_ends_with_its_host', 'the body for whose task the branch is raised has ended');
    end if;
    return new;
end $$;
create trigger organisations_branch_step before insert or update on organisations_branch
    for each row execute function organisations_branch_step();

-- Three full members, at the founding and as long as the branch is active; asked at the end of the transaction.
create function organisations_three_full() returns trigger language plpgsql security definer set search_path = public as $$
declare
    body uuid := case when tg_op = 'DELETE' then old.organisation_id else new.organisation_id end;
begin
    if exists (select from organisations_branch b where b.organisation_id = body and b.state = 'active')
        and (
            select count(distinct m.person_id) from organisations_membership m
            where m.organisation_id = body and m.standing = 'full' and m.valid_to is null
        ) < 3
    then
        perform organisations_refuse('branch_has_three_full_members', 'a branch has at least three full members');
    end if;
    return null;
end $$;
create constraint trigger organisations_branch_three after insert or update on organisations_branch
    deferrable initially deferred for each row execute function organisations_three_full();
create constraint trigger organisations_membership_three after update or delete on organisations_membership
    deferrable initially deferred for each row execute function organisations_three_full();

-- Where somebody may belong in which sense.
create function organisations_membership_fits() returns trigger language plpgsql security definer set search_path = public as $$
declare
    body organisations_organisation;
begin
    select * into body from organisations_organisation where id = new.organisation_id;
    if body.valid_to is not null and new.valid_to is null then
        perform organisations_refuse('membership_of_a_live_body', 'the organisation has ended');
    end if;
    if new.kind = 'home' and organisations_without_relation(body.kind) then
        perform organisations_refuse('membership_relation_stays_home', 'the organisational relation is not moved to such a branch');
    end if;
    if (new.kind = 'grouped') <> (body.kind = 'party_group')
        or (new.kind <> 'grouped' and body.kind not in
            ('party_committee', 'party_branch', 'joint_branch', 'temporary_branch', 'action_branch', 'functional_branch'))
    then
        perform organisations_refuse('membership_of_a_party_body', 'only organisations of the Party have members, groups those of their branch');
    end if;
    if new.kind = 'grouped' and new.valid_to is null and not exists (
        select from organisations_membership m
        where m.organisation_id = body.parent_id and m.person_id = new.person_id and m.valid_to is null
    ) then
        perform organisations_refuse('group_of_its_branch', 'a group is made of members of its branch');
    end if;
    return new;
end $$;
create trigger organisations_membership_fits before insert or update on organisations_membership
    for each row execute function organisations_membership_fits();

-- Leaders: full members; those of a branch without the relation designated by whoever approved it, among its members.
create function organisations_appointment_fits() returns trigger language plpgsql security definer set search_path = public as $$
declare
    body organisations_organisation;
    branch organisations_branch;
begin
    if new.valid_to is not null or new.office in ('first_secretary', 'household_head') then
        return new;
    end if;
    select * into body from organisations_organisation where id = new.organisation_id;
    select * into branch from organisations_branch where organisation_id = new.organisation_id;
    if (new.office = 'group_leader') <> (body.kind = 'party_group') then
        perform organisations_refuse('office_of_such_a_body', 'an organisation of this kind has no such office');
    end if;
    if exists (
        select from organisations_membership m where m.person_id = new.person_id and m.standing = 'probationary' and m.valid_to is null
    ) then
        perform organisations_refuse('leader_is_a_full_member', 'only a full member may lead');
    end if;
    if (organisations_without_relation(body.kind) or body.kind = 'party_group') and not exists (
        select from organisations_membership m
        where m.person_id = new.person_id and m.standing = 'full' and m.valid_to is null
            and (m.organisation_id = new.organisation_id or (body.kind = 'party_group' and m.organisation_id = body.parent_id))
    ) then
        perform organisations_refuse('leader_is_a_full_member', 'only a full member of the branch may lead it');
    end if;
    if organisations_without_relation(body.kind)
        and (new.way <> 'designated' or new.appointed_by_id is distinct from coalesce(branch.approver_id, new.appointed_by_id)
            or new.appointed_by_id is null)
    then
        perform organisations_refuse('leader_is_designated', 'leaders are designated by the organisation that approved the branch');
    end if;
    return new;
end $$;
create trigger organisations_appointment_fits before insert or update on organisations_appointment
    for each row execute function organisations_appointment_fits();

-- What a branch without the relation may not do; admission opens by a recorded authorisation of its incident, for its days.
create function organisations_act_allowed() returns trigger language plpgsql security definer set search_path = public as $$
declare
    kind_of_body text := (select kind from organisations_organisation where id = new.organisation_id);
    raised_for uuid := (select incident_id from organisations_branch where organisation_id = new.organisation_id);
begin
    if new.kind not in ('admit', 'discipline', 'collect_dues', 'elect_delegates', 're_elect')
        or not (organisations_without_relation(kind_of_body) or kind_of_body in ('party_group', 'member_household'))
    then
        return new;
    end if;
    if new.kind <> 'admit' or not organisations_without_relation(kind_of_body) then
        perform organisations_refuse('act_not_for_a_temporary_branch', 'a branch without the organisational relation may not do this');
    end if;
    if not exists (
        select from organisations_authorisation a join incidents_incident i on i.id = a.incident_id
        where a.id = new.authorisation_id and a.incident_id = raised_for and a.valid_from <= new.on
            and (a.valid_to is null or new.on < a.valid_to)
            and (i.ended_at is null or new.on <= (i.ended_at at time zone 'Asia/Shanghai')::date)
    ) then
        perform organisations_refuse('act_is_authorised', 'admission at the front line needs a recorded authorisation that holds on the day');
    end if;
    if not exists (
        select from organisations_organisation o where o.id = new.approver_id and o.kind = 'party_committee' and o.id <> new.organisation_id
    ) then
        perform organisations_refuse('act_is_approved_above', 'admission is approved by a higher Party committee');
    end if;
    return new;
end $$;
create trigger organisations_act_allowed before insert or update on organisations_act
    for each row execute function organisations_act_allowed();

create function organisations_issued_above() returns trigger language plpgsql security definer set search_path = public as $$
begin
    if not exists (select from organisations_organisation o where o.id = new.issuer_id and o.kind = 'party_committee') then
        perform organisations_refuse('authorisation_of_a_committee', 'an authorisation is issued by a Party committee');
    end if;
    return new;
end $$;
create trigger organisations_issued_above before insert or update on organisations_authorisation
    for each row execute function organisations_issued_above();

create function organisations_kept() returns trigger language plpgsql as $$
begin
    perform organisations_refuse('steps_and_acts_stay', 'what was recorded of a branch stays');
    return null;
end $$;
create trigger organisations_step_kept before update or delete on organisations_step for each row execute function organisations_kept();

-- A Party team is led by a full member; no post without hours. Both are asked at the end of the transaction.
create function organisations_team_led() returns trigger language plpgsql security definer set search_path = public as $$
declare
    asked uuid;
begin
    if tg_table_name = 'organisations_team' then
        asked := new.id;
    else
        asked := old.team_id;
    end if;
    if exists (select from organisations_team t where t.id = asked and t.of_party and t.valid_to is null) and not exists (
        select from organisations_teammember l join organisations_membership m on m.person_id = l.person_id
        where l.team_id = asked and l.leads and l.valid_to is null and m.standing = 'full' and m.valid_to is null
    ) then
        perform organisations_refuse('party_team_led_by_a_full_member', 'a Party team is led by a full member');
    end if;
    return null;
end $$;
create constraint trigger organisations_team_led after insert or update on organisations_team
    deferrable initially deferred for each row execute function organisations_team_led();
create constraint trigger organisations_teammember_led after update or delete on organisations_teammember
    deferrable initially deferred for each row when (old.leads) execute function organisations_team_led();

create function organisations_post_has_hours() returns trigger language plpgsql security definer set search_path = public as $$
declare
    asked uuid;
begin
    if tg_table_name = 'organisations_post' then
        asked := new.id;
    else
        asked := old.post_id;
    end if;
    if exists (select from organisations_post p where p.id = asked)
        and not exists (select from organisations_posthours h where h.post_id = asked)
    then
        perform organisations_refuse('post_has_hours', 'a post has its hours');
    end if;
    return null;
end $$;
create constraint trigger organisations_post_has_hours after insert on organisations_post
    deferrable initially deferred for each row execute function organisations_post_has_hours();
create constraint trigger organisations_posthours_stay after update or delete on organisations_posthours
    deferrable initially deferred for each row execute function organisations_post_has_hours();

-- The end of an organisation: everything that it and what is below it had ends on that day.
create function organisations_close(body uuid, day date) returns void language plpgsql security definer set search_path = public as $$
declare
    first bigint;
    beyond bigint;
    inside uuid[];
begin
    select lo, hi into first, beyond from organisations_organisation where id = body;
    inside := array(select id from organisations_organisation where lo >= first and lo < beyond);
    update organisations_branch set state = 'dissolved', ended_on = greatest(founded_on, day)
        where organisation_id = any(inside) and state = 'active';
    update organisations_appointment set valid_to = greatest(valid_from, day)
        where organisation_id = any(inside) and (valid_to is null or valid_to > day);
    update organisations_membership set valid_to = greatest(valid_from, day)
        where organisation_id = any(inside) and (valid_to is null or valid_to > day);
    update organisations_postholder set valid_to = greatest(valid_from, day)
        where post_id in (select id from organisations_post where organisation_id = any(inside)) and (valid_to is null or valid_to > day);
    update organisations_post set valid_to = greatest(valid_from, day)
        where organisation_id = any(inside) and (valid_to is null or valid_to > day);
    update organisations_teammember set valid_to = greatest(valid_from, day)
        where team_id in (select id from organisations_team where organisation_id = any(inside)) and (valid_to is null or valid_to > day);
    update organisations_team set valid_to = greatest(valid_from, day)
        where organisation_id = any(inside) and (valid_to is null or valid_to > day);
    update organisations_responsibility set valid_to = greatest(valid_from, day)
        where organisation_id = any(inside) and (valid_to is null or valid_to > day);
    update organisations_sponsorship set valid_to = greatest(valid_from, day)
        where (organisation_id = any(inside) or sponsored_id = any(inside)) and (valid_to is null or valid_to > day);
    update organisations_organisation set valid_to = greatest(valid_from, day) where id = any(inside) and valid_to is null;
end $$;

-- Branches raised for the task of a body that has ended are dissolved on that day.
create function organisations_end_with_host(ended_host uuid, ended_incident uuid, day date) returns void
language plpgsql security definer set search_path = public as $$
declare
    branch organisations_branch;
begin
    for branch in
        select * from organisations_branch b
        where b.state = 'active' and b.kind in ('temporary_branch', 'action_branch')
            and (b.host_id = ended_host or b.incident_id = ended_incident)
        for update
    loop
        update organisations_branch set state = 'dissolved', ended_on = greatest(founded_on, day) where id = branch.id;
        insert into organisations_step (id, branch_id, kind, "on", organisation_id, document, note, recorded_at)
            values (uuidv7(), branch.id, 'dissolved', greatest(branch.founded_on, day), ended_host, '', '', clock_timestamp());
    end loop;
end $$;

create function organisations_branch_ended() returns trigger language plpgsql security definer set search_path = public as $$
begin
    perform organisations_close(new.organisation_id, new.ended_on);
    return null;
end $$;
create trigger organisations_branch_ended after update on organisations_branch
    for each row when (old.state = 'active' and new.state = 'dissolved') execute function organisations_branch_ended();

create function organisations_ended() returns trigger language plpgsql security definer set search_path = public as $$
begin
    perform organisations_end_with_host(new.id, null, new.valid_to);
    perform organisations_close(new.id, new.valid_to);
    return null;
end $$;
create trigger organisations_ended after update of valid_to on organisations_organisation
    for each row when (old.valid_to is null and new.valid_to is not null) execute function organisations_ended();

create function organisations_incident_ended() returns trigger language plpgsql security definer set search_path = public as $$
begin
    perform organisations_end_with_host(null, new.id, (new.ended_at at time zone 'Asia/Shanghai')::date);
    return null;
end $$;
create trigger organisations_incident_ended after update of ended_at on incidents_incident
    for each row when (old.ended_at is null and new.ended_at is not null) execute function organisations_incident_ended();

-- No branch without the organisational relation that was not applied for and approved; asked at the end of the transaction.
create function organisations_body_approved() returns trigger language plpgsql security definer set search_path = public as $$
begin
    if exists (select from organisations_organisation o where o.id = new.id and organisations_without_relation(o.kind))
        and not exists (select from organisations_branch b where b.organisation_id = new.id)
    then
        perform organisations_refuse('body_is_approved', 'a branch of this kind is applied for and approved');
    end if;
    return null;
end $$;
create constraint trigger organisations_body_approved after insert or update of kind on organisations_organisation
    deferrable initially deferred for each row when (new.kind in ('temporary_branch', 'action_branch', 'functional_branch'))
    execute function organisations_body_approved();
