//! Countries as ISO 3166-1 alpha-3 writes them: the same code in every list, file and profile.

use super::{Invalid, Wrong};

/// A country code that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Country(&'static str);

impl Country {
    /// # Errors
    /// Anything but a code of the list; small letters are taken too.
    pub fn parse(field: &str, text: &str) -> Result<Self, Invalid> {
        let code = text.trim().to_ascii_uppercase();
        ALL.split_ascii_whitespace().find(|known| *known == code).map(Self).ok_or_else(|| {
            Invalid::at(
                field,
                Wrong::NotACountry
                    .says("is not a country; a code of three letters (ISO 3166-1 alpha-3) is taken"),
            )
        })
    }

    pub fn code(self) -> &'static str {
        self.0
    }

    /// Every country, by its code.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.split_ascii_whitespace().map(Self)
    }
}

/// ISO 3166-1, and XKX as most registers write Kosovo.
const ALL: &str = "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR \
    BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV \
    CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR \
    GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN \
    IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC \
    MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA \
    NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU \
    SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK \
    TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM XKX YEM ZAF \
    ZMB ZWE";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_sorted_and_without_doubles() {
        let codes: Vec<_> = ALL.split_ascii_whitespace().collect();
        assert_eq!(codes.len(), 250);
        assert!(codes.is_sorted());
        assert!(codes.windows(2).all(|pair| pair.first() != pair.last()));
        assert!(codes.iter().all(|code| code.len() == 3));
    }

    #[test]
    fn only_codes_that_exist_are_taken() {
        assert_eq!(Country::parse("c", " ken ").map(Country::code), Ok("KEN"));
        for wrong in ["", "KE", "XYZ", "Kenya", "ABW AFG"] {
            assert!(Country::parse("c", wrong).is_err(), "{wrong}");
        }
    }
}
