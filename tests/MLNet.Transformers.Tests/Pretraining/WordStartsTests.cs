using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Pretraining;

public class WordStartsTests
{
    [Theory]
    [InlineData("bert-cased")]
    [InlineData("gpt2-bbpe")]
    [InlineData("t5-unigram")]
    [InlineData("llama-spm-bpe")]
    public void A_word_begins_where_the_vocabulary_says_so(string golden)
    {
        string[] words = ["Unbelievably", "tokenizations", "overflow"];
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden("tokenizers", golden));
        int[] ids = tokenizer.Encode(string.Join(' ', words), null, new() { AddSpecialTokens = false }).Ids;

        Assert.Equal(words, WordStarts.Of(tokenizer).In(ids).Select(word => tokenizer.Decode(ids[word.Start..word.End]).Trim()));
        Assert.True(ids.Length > words.Length);
    }

    [Fact]
    public void Pieces_of_a_word_are_one_word()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nlong\n##er\n##est\nshort\n");

        Assert.Equal([(0, 1), (1, 3), (3, 4)], WordStarts.Of(TextEncoder.FromFolder(folder.Folder)).In([7, 5, 6, 8]));
        Assert.Empty(WordStarts.Of(TextEncoder.FromFolder(folder.Folder)).In([]));
    }
}
