/* Kinds of generation by the words of the field: MATPOWER's genfuel and gentype (EIA prime movers), RTS-GMLC's unit types.
 * Thermal fuels are listed too, so that a known thermal word is not taken for an unknown one. Any thread. */
#include "kinds.h"

#include "text.h"

typedef struct {
    const char *word;
    sv_gen_kind kind;
} kind_word;

static const kind_word kind_words[] = {
    {"thermal", SV_GEN_THERMAL},
    {"coal", SV_GEN_THERMAL},
    {"ng", SV_GEN_THERMAL},
    {"gas", SV_GEN_THERMAL},
    {"oil", SV_GEN_THERMAL},
    {"dfo", SV_GEN_THERMAL},
    {"rfo", SV_GEN_THERMAL},
    {"lng", SV_GEN_THERMAL},
    {"jetfuel", SV_GEN_THERMAL},
    {"biomass", SV_GEN_THERMAL},
    {"wood", SV_GEN_THERMAL},
    {"refuse", SV_GEN_THERMAL},
    {"wasteheat", SV_GEN_THERMAL},
    {"geothermal", SV_GEN_THERMAL},
    {"other", SV_GEN_THERMAL},
    {"unknown", SV_GEN_THERMAL},
    {"ct", SV_GEN_THERMAL},
    {"cc", SV_GEN_THERMAL},
    {"ca", SV_GEN_THERMAL},
    {"gt", SV_GEN_THERMAL},
    {"ic", SV_GEN_THERMAL},
    {"steam", SV_GEN_THERMAL},
    {"nuclear", SV_GEN_NUCLEAR},
    {"hydro", SV_GEN_HYDRO},
    {"hydrops", SV_GEN_HYDRO},
    {"ror", SV_GEN_HYDRO},
    {"hy", SV_GEN_HYDRO},
    {"ps", SV_GEN_HYDRO},
    {"wind", SV_GEN_WIND},
    {"wt", SV_GEN_WIND},
    {"ws", SV_GEN_WIND},
    {"solar", SV_GEN_SOLAR},
    {"pv", SV_GEN_SOLAR},
    {"rtpv", SV_GEN_SOLAR},
    {"csp", SV_GEN_SOLAR},
    {"cp", SV_GEN_SOLAR},
    {"condenser", SV_GEN_CONDENSER},
    {"sync_cond", SV_GEN_CONDENSER},
    {"syncgen", SV_GEN_CONDENSER},
    {"sc", SV_GEN_CONDENSER},
};

bool kind_from_word(const char *word, sv_gen_kind *kind)
{
    for (size_t i = 0; i < sizeof kind_words / sizeof kind_words[0]; i++) {
        if (text_same(word, kind_words[i].word)) {
            *kind = kind_words[i].kind;
            return true;
        }
    }
    return false;
}

const char *fuel_of_kind(sv_gen_kind kind)
{
    static const char *const fuel[SV_N_GEN_KIND] = {
        [SV_GEN_THERMAL] = "unknown", [SV_GEN_NUCLEAR] = "nuclear", [SV_GEN_HYDRO] = "hydro",
        [SV_GEN_WIND] = "wind",       [SV_GEN_SOLAR] = "solar",     [SV_GEN_CONDENSER] = "syncgen"};
    return fuel[kind];
}
