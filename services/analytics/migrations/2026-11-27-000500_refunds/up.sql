-- Every refund heard of, once. A refund lowers the revenue of the day its payment came, so that no
-- day's revenue is ever less than nothing, whichever of the two is heard first.
CREATE TABLE refunds (
    refund_id     uuid PRIMARY KEY,
    payment_id    uuid NOT NULL,
    amount_rupiah numeric(18, 2) NOT NULL CHECK (amount_rupiah >= 0)
);
CREATE INDEX refunds_payment ON refunds (payment_id);
