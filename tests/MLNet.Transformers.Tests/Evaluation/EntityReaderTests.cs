using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers.Tests.Evaluation;

public class EntityReaderTests
{
    [Theory]
    [InlineData("B-PER I-PER O B-LOC", "PER 0+2, LOC 3+1")]
    [InlineData("I-PER I-LOC O", "PER 0+1, LOC 1+1")]
    [InlineData("B-PER B-PER", "PER 0+1, PER 1+1")]
    [InlineData("S-PER E-LOC I-LOC", "PER 0+1, LOC 1+1, LOC 2+1")]
    [InlineData("B I O", "_ 0+2")]
    [InlineData("B-A-B I-A-B", "A-B 0+2")]
    [InlineData("B-PER L-PER U-PER", "PER 0+3")]
    [InlineData("B-PER L-PER B-PER", "PER 2+1")]
    [InlineData("", "")]
    public void Whatever_can_be_read_as_an_entity_is_one(string tags, string entities) => Assert.Equal(entities, Read(tags, null));

    [Theory]
    [InlineData(TagScheme.Iob1, "I-PER I-PER B-PER O B-LOC", "PER 0+2, PER 2+1")]
    [InlineData(TagScheme.Iob2, "I-PER B-PER I-PER I-LOC", "PER 1+2")]
    [InlineData(TagScheme.Ioe1, "I-PER E-PER I-PER O", "PER 0+2, PER 2+1")]
    [InlineData(TagScheme.Ioe1, "I-PER E-PER O", "")]
    [InlineData(TagScheme.Ioe2, "I-PER E-PER I-LOC O", "PER 0+2")]
    [InlineData(TagScheme.Iobes, "B-PER E-PER S-LOC B-LOC O", "PER 0+2, LOC 2+1")]
    [InlineData(TagScheme.Bilou, "B-PER I-PER L-PER U-LOC L-LOC", "PER 0+3, LOC 3+1")]
    [InlineData(TagScheme.Iob2, "B--PER-- I-PER", "PER 0+2")]
    public void Only_what_a_scheme_allows_is_an_entity(TagScheme scheme, string tags, string entities) => Assert.Equal(entities, Read(tags, scheme));

    [Fact]
    public void A_letter_that_the_scheme_lacks_is_named_with_its_row_and_word()
    {
        var error = Assert.Throws<ArgumentException>(() => EntityReader.Read(["O", "S-PER"], TagScheme.Iob2, row: 7));

        Assert.Equal("Row 7, word 2: the tag 'S-PER' does not begin with one of the scheme's letters, I, O, B.", error.Message);
    }

    [Fact]
    public void An_empty_tag_is_named_with_its_row_and_word()
    {
        var error = Assert.Throws<ArgumentException>(() => EntityReader.Read(["O", ""], row: 2));

        Assert.StartsWith("Row 2, word 2: the tag is empty", error.Message, StringComparison.Ordinal);
    }

    private static string Read(string tags, TagScheme? scheme) => string.Join(", ",
        EntityReader.Read(tags.Split(' ', StringSplitOptions.RemoveEmptyEntries), scheme).Select(entity => $"{entity.Type} {entity.Start}+{entity.Length}"));
}
