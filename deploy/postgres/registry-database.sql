-- The schema registry keeps its schemas in a database of its own. Run once, when the volume is new.
create database registry;
