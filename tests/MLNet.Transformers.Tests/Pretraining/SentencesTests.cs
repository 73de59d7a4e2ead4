using MLNet.Transformers.Pretraining;

namespace MLNet.Transformers.Tests.Pretraining;

public class SentencesTests
{
    [Theory]
    [InlineData("One. Two! Three?", "One.| Two!| Three?")]
    [InlineData("It cost 3.50 today. \"Really?\" he said.", "It cost 3.50 today.| \"Really?\"| he said.")]
    [InlineData("Wait... what", "Wait...| what")]
    [InlineData("今天很好。我们走吧！好吗？好", "今天很好。|我们走吧！|好吗？|好")]
    [InlineData("他说：“好。”然后走了。", "他说：“好。”|然后走了。")]
    [InlineData("a title\nand text\n\nmore", "a title|\nand text|\n|\nmore")]
    [InlineData("", "")]
    public void A_text_is_cut_behind_its_marks(string text, string expected)
    {
        List<int> ends = Sentences.Ends(text);
        Assert.Equal(expected, string.Join('|', ends.Prepend(0).Zip(ends.Append(text.Length), (start, end) => text[start..end])));
    }

    [Fact]
    public void Tokens_know_the_ends_of_their_sentences()
    {
        Checkpoint checkpoint = SampleNetworks.Tiny();
        EncodedText text = new DocumentEncoder(checkpoint.Tokenizer, checkpoint.Config).Encode("a great film. i loved it");

        Assert.Equal(checkpoint.Tokenizer.Encode("a great film.").Length - 2, text.SentenceEnds[0]);
        Assert.Equal(text.Ids.Length, text.SentenceEnds[^1]);
        Assert.Equal(2, text.SentenceEnds.Length);
    }
}
