-- What was published stays as it was, for ever: rows are only added.
create function bulletins_kept() returns trigger language plpgsql as $$
begin
    raise exception 'published bulletins are kept as they were: % of % is refused', tg_op, tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger bulletins_issue_kept before update or delete on bulletins_issue for each row execute function bulletins_kept();
create trigger bulletins_issue_kept_whole before truncate on bulletins_issue for each statement execute function bulletins_kept();
create trigger bulletins_withdrawal_kept before update or delete on bulletins_withdrawal for each row execute function bulletins_kept();
create trigger bulletins_withdrawal_kept_whole before truncate on bulletins_withdrawal for each statement execute function bulletins_kept();
