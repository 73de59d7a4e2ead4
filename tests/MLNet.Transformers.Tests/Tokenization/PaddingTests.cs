using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

public class PaddingTests
{
    private static readonly TextEncoder _tokenizer = FromVocabulary("a", "b");
    private static readonly TokenEncoding[] _encodings = [_tokenizer.Encode("a", "b"), _tokenizer.Encode("a")];

    [Fact]
    public void Shorter_rows_are_filled_up_to_the_longest()
    {
        BatchEncoding batch = _tokenizer.PadBatch(_encodings);

        Assert.Equal<int[]>([[2, 5, 3, 6, 3], [2, 5, 3, 0, 0]], batch.Ids);
        Assert.Equal<int[]>([[0, 0, 0, 1, 1], [0, 0, 0, 0, 0]], batch.TypeIds);
        Assert.Equal<int[]>([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], batch.AttentionMask);
    }

    [Fact]
    public void The_left_can_be_filled_and_the_length_given()
    {
        BatchEncoding batch = _tokenizer.PadBatch(_encodings, length: 6, side: Side.Left);

        Assert.Equal<int[]>([[0, 2, 5, 3, 6, 3], [0, 0, 0, 2, 5, 3]], batch.Ids);
        Assert.Equal<int[]>([[0, 1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1]], batch.AttentionMask);
    }

    [Fact]
    public void A_length_that_a_row_exceeds_is_an_error()
    {
        var error = Assert.Throws<ArgumentException>(() => _tokenizer.PadBatch(_encodings, length: 4));

        Assert.Contains("5 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_rows_are_an_empty_batch() => Assert.Empty(_tokenizer.PadBatch([]).Ids);

    [Fact]
    public void Padding_without_a_padding_token_is_an_error()
    {
        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["vocab.txt"] = "[UNK]\n[CLS]\n[SEP]\na\n"u8.ToArray() });

        var error = Assert.Throws<InvalidOperationException>(() => tokenizer.PadBatch([tokenizer.Encode("a")]));

        Assert.Contains("pad_token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_file_says_of_truncation_and_padding_is_told_and_not_applied()
    {
        TextEncoder tokenizer = FromJson(["a", "b"],
            ("truncation", """{"direction":"Left","max_length":3,"strategy":"OnlyFirst","stride":1}"""),
            ("padding", """{"strategy":{"Fixed":16},"direction":"Left","pad_to_multiple_of":8,"pad_id":4,"pad_type_id":1,"pad_token":"[MASK]"}"""));

        Assert.Equal(new FileTruncation(3, TruncationStrategy.OnlyFirst, 1, Side.Left), tokenizer.FileTruncation);
        Assert.Equal(new FilePadding(16, 8, Side.Left, 4, 1, "[MASK]"), tokenizer.FilePadding);
        Assert.Equal(5, tokenizer.Encode("a b a b a").Length);
    }
}
