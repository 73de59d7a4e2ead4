using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tests.Tokenization.Oracle;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization.Adapters;

/// <summary>Text encoders as tokenizers of Microsoft.ML.Tokenizers.</summary>
public class AsTokenizerTests
{
    private const string Long = "The Caf\u00E9 on the corner \U0001F600 serves strawberries, \u6211\u559C\u6B22 and more. It does so every day, at 7:30 and 19:45.";

    public static TheoryData<string> Folders => ["bert-uncased", "gpt2-bbpe", "llama3-bbpe", "llama-spm-bpe", "t5-unigram", "roberta-bbpe-prefixspace"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Ids_tokens_places_and_counts_are_the_encoders(string folder)
    {
        TextEncoder encoder = Golden(folder);
        foreach (bool special in (bool[])[true, false])
        {
            Tokenizer tokenizer = encoder.AsTokenizer(special);
            foreach (string text in HostileTexts.Make(5, 200, []).Append("").Append(Long))
            {
                TokenEncoding expected = encoder.Encode(text, null, new EncodeOptions { AddSpecialTokens = special });
                IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens(text, out string? normalized);

                Assert.Null(normalized);
                Assert.Equal(expected.Ids, tokenizer.EncodeToIds(text));
                Assert.Equal(expected.Ids, tokenizer.EncodeToIds(text.AsSpan()));
                Assert.Equal(expected.Ids, tokens.Select(token => token.Id));
                Assert.Equal(expected.Tokens, tokens.Select(token => token.Value));
                Assert.Equal(expected.Offsets, tokens.Select(token => new TextSpan(token.Offset.Start.Value, token.Offset.End.Value)));
                Assert.Equal(expected.Length, tokenizer.CountTokens(text));
                Assert.Equal(encoder.Decode(expected.Ids, skipSpecialTokens: false), tokenizer.Decode(expected.Ids));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_limit_on_tokens_cuts_the_text_between_characters(string folder)
    {
        Tokenizer tokenizer = Golden(folder).AsTokenizer();
        int all = tokenizer.CountTokens(Long);
        for (int most = 1; most <= all + 1; most++)
        {
            IReadOnlyList<int> ids = tokenizer.EncodeToIds(Long, most, out string? normalized, out int consumed);
            int index = tokenizer.GetIndexByTokenCount(Long, most, out _, out int count);
            int fromEnd = tokenizer.GetIndexByTokenCountFromEnd(Long, most, out _, out int countFromEnd);

            Assert.Null(normalized);
            Assert.Equal((consumed, ids.Count), (index, count));
            Assert.InRange(count, 0, most);
            Assert.InRange(countFromEnd, 0, most);
            Assert.Equal(tokenizer.EncodeToIds(Long).Take(count), ids);
            Assert.False(IsWithinPair(index) || IsWithinPair(fromEnd));
            Assert.True(most < all ? index < Long.Length && fromEnd > 0 : index == Long.Length && fromEnd == 0);
        }

        static bool IsWithinPair(int index) => index > 0 && index < Long.Length && char.IsSurrogatePair(Long, index - 1);
    }

    [Fact]
    public void A_chunker_covers_the_text_with_chunks_of_so_many_tokens()
    {
        Tokenizer tokenizer = Golden("gpt2-bbpe").AsTokenizer();
        string text = string.Join(' ', Enumerable.Repeat(Long, 20));

        List<string> chunks = Chunk(text, tokenizer, mostTokens: 32);

        Assert.Equal(text, string.Concat(chunks));
        Assert.All(chunks, chunk => Assert.InRange(tokenizer.CountTokens(chunk), 1, 32));
        Assert.True(chunks.Count < tokenizer.CountTokens(text) / 20);
    }

    [Fact]
    public void Decoding_into_a_span_takes_as_many_ids_as_there_is_room_for()
    {
        TextEncoder encoder = Golden("gpt2-bbpe");
        Tokenizer tokenizer = encoder.AsTokenizer();
        int[] ids = encoder.Encode("Hello \U0001F600 there").Ids;
        string text = tokenizer.Decode(ids);
        Span<char> room = new char[text.Length];

        Assert.Equal(OperationStatus.Done, tokenizer.Decode(ids, room, out int consumed, out int written));
        Assert.Equal((ids.Length, text), (consumed, room[..written].ToString()));
        for (int size = 0; size < text.Length; size++)
        {
            Assert.Equal(OperationStatus.DestinationTooSmall, tokenizer.Decode(ids, room[..size], out consumed, out written));
            Assert.Equal(tokenizer.Decode(ids[..consumed]), room[..written].ToString());
            Assert.StartsWith(room[..written].ToString(), text, StringComparison.Ordinal);
        }
        Assert.Equal(OperationStatus.InvalidData, tokenizer.Decode([int.MaxValue], room, out _, out _));
    }

    [Fact]
    public void Normalizer_and_pre_tokenizer_can_be_left_out()
    {
        Tokenizer small = FromJson(["ab", "AB", "a b"], ("normalizer", """{"type":"Lowercase"}""")).AsTokenizer();

        Assert.Equal([5], small.EncodeToIds("AB"));
        Assert.Equal([6], small.EncodeToIds("AB", considerNormalization: false));
        Assert.Equal([7], small.EncodeToIds("A B", considerPreTokenization: false));
        Assert.Equal([1], small.EncodeToIds("A B", considerPreTokenization: false, considerNormalization: false));

        // The byte alphabet is written all the same, so that pieces are found.
        Tokenizer bytes = Golden("gpt2-bbpe").AsTokenizer();
        Assert.Equal("caf\u00E9 one", bytes.Decode(bytes.EncodeToIds("caf\u00E9 one", considerPreTokenization: false)));
    }

    // As text chunkers do: the longest beginning that has so many tokens, again and again.
    private static List<string> Chunk(string text, Tokenizer tokenizer, int mostTokens)
    {
        var chunks = new List<string>();
        for (string rest = text; rest.Length > 0;)
        {
            int end = tokenizer.GetIndexByTokenCount(rest, mostTokens, out string? normalized, out _);
            chunks.Add((normalized ?? rest)[..end]);
            rest = rest[end..];
        }
        return chunks;
    }

    private static TextEncoder Golden(string folder) => TextEncoder.FromFolder(Shared.Golden("tokenizers", folder));
}
