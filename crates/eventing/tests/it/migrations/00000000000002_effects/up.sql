-- What the handlers of the tests do: one row for each time a handler's transaction committed.
CREATE TABLE effects (
    subject uuid NOT NULL,
    version bigint NOT NULL
);
