using MLNet.Transformers.Evaluation;
using MLNet.Transformers.TokenClassification;

namespace MLNet.Transformers.Tests.TokenClassification;

public class TagSequenceTests
{
    // Two people side by side, a place of three words, one word of another type.
    private static readonly TaggedEntity[] _entities = [new("PER", 0, 1), new("PER", 1, 2), new("LOC", 4, 3), new("ORG", 7, 1)];

    [Theory]
    [InlineData(TagScheme.Iob1, "I-PER B-PER I-PER O I-LOC I-LOC I-LOC I-ORG O")]
    [InlineData(TagScheme.Iob2, "B-PER B-PER I-PER O B-LOC I-LOC I-LOC B-ORG O")]
    [InlineData(TagScheme.Ioe1, "E-PER I-PER I-PER O I-LOC I-LOC I-LOC I-ORG O")]
    [InlineData(TagScheme.Ioe2, "E-PER I-PER E-PER O I-LOC I-LOC E-LOC E-ORG O")]
    [InlineData(TagScheme.Iobes, "S-PER B-PER E-PER O B-LOC I-LOC E-LOC S-ORG O")]
    [InlineData(TagScheme.Bilou, "U-PER B-PER L-PER O B-LOC I-LOC L-LOC U-ORG O")]
    public void Each_scheme_is_written_read_and_found_whole(TagScheme scheme, string tags)
    {
        string[] written = TagSequence.Write(_entities, 9, scheme);

        Assert.Equal(tags.Split(' '), written);
        Assert.Equal(_entities, TagSequence.Read(written));
        Assert.Null(TagSequence.FirstBroken(written, scheme));
    }

    [Theory]
    [InlineData(TagScheme.Iob2, "O I-PER", 1, "B-PER")]
    [InlineData(TagScheme.Iob2, "B-PER I-LOC", 1, "B-LOC")]
    [InlineData(TagScheme.Iob1, "O B-PER", 1, "I-PER")]
    [InlineData(TagScheme.Iobes, "B-PER I-PER O", 1, "E-PER")]
    [InlineData(TagScheme.Iobes, "B-PER O", 0, "S-PER")]
    [InlineData(TagScheme.Bilou, "O L-PER", 1, "U-PER")]
    [InlineData(TagScheme.Iob2, "PERSON O", 0, "B-PERSON")]
    public void The_first_broken_tag_is_found(TagScheme scheme, string tags, int word, string expected) =>
        Assert.Equal((word, expected), TagSequence.FirstBroken(tags.Split(' '), scheme));

    [Theory]
    [InlineData(TagScheme.Iob1)]
    [InlineData(TagScheme.Iob2)]
    [InlineData(TagScheme.Ioe1)]
    [InlineData(TagScheme.Ioe2)]
    [InlineData(TagScheme.Iobes)]
    [InlineData(TagScheme.Bilou)]
    public void Tags_are_not_broken_by_others_that_are_missing(TagScheme scheme)
    {
        string[] written = TagSequence.Write(_entities, 9, scheme);
        for (int missing = 0; missing < 1 << written.Length; missing++)
        {
            string[] left = [.. written.Select((tag, word) => (missing >> word & 1) == 1 ? "" : tag)];
            Assert.True(TagSequence.FirstBroken(left, scheme) is null, string.Join(' ', left.Select(tag => tag.Length > 0 ? tag : "?")));
        }
    }

    [Theory]
    [InlineData(TagScheme.Iob2, "B-PER ? O I-PER", 3, "B-PER")]
    [InlineData(TagScheme.Iobes, "S-PER ? I-PER O", 2, "E-PER")]
    public void What_is_broken_whatever_is_missing_is_found(TagScheme scheme, string tags, int word, string expected) =>
        Assert.Equal((word, expected), TagSequence.FirstBroken([.. tags.Split(' ').Select(tag => tag == "?" ? "" : tag)], scheme));

    [Theory]
    [InlineData("O B-A I-A", TagScheme.Iob2)]
    [InlineData("O I-A I-B", TagScheme.Iob1)]
    [InlineData("B-A E-A S-B O", TagScheme.Iobes)]
    [InlineData("B-A L-A U-B", TagScheme.Bilou)]
    [InlineData("I-A E-A", TagScheme.Ioe2)]
    [InlineData("NOUN VERB O", null)]
    [InlineData("B-A NOUN", null)]
    [InlineData("O", null)]
    public void The_scheme_is_seen_from_the_prefixes(string tags, TagScheme? scheme) => Assert.Equal(scheme, TagSchemes.Of(tags.Split(' ')));
}
