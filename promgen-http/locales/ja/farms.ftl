# farms
