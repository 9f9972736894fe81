-- What a router said of the ways to sites: asked once, good for all dispatch processes and cases.
CREATE TABLE dispatch.road (
    provider   text COLLATE "C" NOT NULL,   -- its address
    to_lat     int4 NOT NULL,               -- the site, in 1/100,000 of a degree, WGS-84
    to_lon     int4 NOT NULL,
    from_lat   int4 NOT NULL,               -- the office
    from_lon   int4 NOT NULL,
    metres     float8,                      -- null: there is no way
    seconds    float8,
    fetched_at timestamptz NOT NULL,        -- by the clock of the database: roads change in the real world
    PRIMARY KEY (provider, to_lat, to_lon, from_lat, from_lon)
);
CREATE INDEX road_fetched ON dispatch.road (fetched_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON dispatch.road TO callout_dispatch;
