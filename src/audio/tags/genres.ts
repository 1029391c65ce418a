/** The genres of ID3v1 by number, and those that Winamp added (ID3v2.3, appendix A). */
const GENRES =
  `Blues,Classic Rock,Country,Dance,Disco,Funk,Grunge,Hip-Hop,Jazz,Metal,New Age,Oldies,Other,Pop,R&B,Rap,Reggae,
Rock,Techno,Industrial,Alternative,Ska,Death Metal,Pranks,Soundtrack,Euro-Techno,Ambient,Trip-Hop,Vocal,Jazz+Funk,Fusion,
Trance,Classical,Instrumental,Acid,House,Game,Sound Clip,Gospel,Noise,Alternative Rock,Bass,Soul,Punk,Space,Meditative,
Instrumental Pop,Instrumental Rock,Ethnic,Gothic,Darkwave,Techno-Industrial,Electronic,Pop-Folk,Eurodance,Dream,
Southern Rock,Comedy,Cult,Gangsta,Top 40,Christian Rap,Pop/Funk,Jungle,Native American,Cabaret,New Wave,Psychedelic,Rave,
Showtunes,Trailer,Lo-Fi,Tribal,Acid Punk,Acid Jazz,Polka,Retro,Musical,Rock & Roll,Hard Rock,Folk,Folk-Rock,National Folk,
Swing,Fast Fusion,Bebop,Latin,Revival,Celtic,Bluegrass,Avantgarde,Gothic Rock,Progressive Rock,Psychedelic Rock,
Symphonic Rock,Slow Rock,Big Band,Chorus,Easy Listening,Acoustic,Humour,Speech,Chanson,Opera,Chamber Music,Sonata,Symphony,
Booty Bass,Primus,Porn Groove,Satire,Slow Jam,Club,Tango,Samba,Folklore,Ballad,Power Ballad,Rhythmic Soul,Freestyle,Duet,
Punk Rock,Drum Solo,A Cappella,Euro-House,Dance Hall`
    .replaceAll('\n', '')
    .split(',');

/** The genre of a number. */
export function numberedGenre(number: number): string | undefined {
  return GENRES[number];
}

/** A genre as ID3v2 states it: “Pop”, “13”, “(13)” or “(13)Pop”. */
export function genreOf(text: string): string {
  const [, number, rest] = /^\(?(\d{1,3})\)?(.*)$/.exec(text) ?? [];
  if (number === undefined) return text;
  if (rest !== '') return text.startsWith('(') ? genreOf(rest) : text;
  return GENRES[Number(number)] ?? text;
}
