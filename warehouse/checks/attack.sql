-- Grain: one row for each hidden count that the attack could work out, by name; there should be none.
select derivable.people
from derivable
