-- What a subscription writes must be of its own node and lie in the range that the node was added with. The worker that applies it logs in as the role of
-- the node. Whatever else is told stops the subscription, which `node check` and `doctor` say. Fired for replicated rows only.
create function upward_of_its_own() returns trigger language plpgsql as $$
declare
    told record := case when tg_op = 'DELETE' then old else new end;
begin
    if not exists (
        select from public.upward_node n
        where 'lianfang_node_' || n.code = session_user and n.code = told.node and told.lo >= n.lo and told.hi <= n.hi
    ) then
        raise exception 'a row of node %, % to %, came from %', told.node, told.lo, told.hi, session_user;
    end if;
    return told;
end $$;

create trigger of_its_own before insert or update or delete on upward_day for each row execute function upward_of_its_own();
create trigger of_its_own before insert or update or delete on upward_figure for each row execute function upward_of_its_own();
create trigger of_its_own before insert or update or delete on upward_round for each row execute function upward_of_its_own();
create trigger of_its_own before insert or update or delete on upward_organisation for each row execute function upward_of_its_own();
alter table upward_day enable replica trigger of_its_own;
alter table upward_figure enable replica trigger of_its_own;
alter table upward_round enable replica trigger of_its_own;
alter table upward_organisation enable replica trigger of_its_own;
