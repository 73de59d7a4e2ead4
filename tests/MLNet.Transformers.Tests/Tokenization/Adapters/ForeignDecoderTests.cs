using System.Text;
using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tests.Tokenization.SentencePiece;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Tokenization.Adapters;
using MLNet.Transformers.Tokenization.Decoders;

namespace MLNet.Transformers.Tests.Tokenization.Adapters;

/// <summary>Texts of tokenizers of Microsoft.ML.Tokenizers as they are written, id by id.</summary>
public class ForeignDecoderTests
{
    private const string Text = "The Café serves 12 strawberries, don't  you know?\n北京 is far; 🎉👍🏽 naïve — \"quoted\" (so) . . .";

    public static TheoryData<string> Names => [.. Tokenizers.Keys];

    private static Dictionary<string, Func<Tokenizer>> Tokenizers { get; } = new()
    {
        ["BERT, uncased"] = () => BertTokenizer.Create(File("bert-uncased", "vocab.txt")),
        ["BERT, cased"] = () => BertTokenizer.Create(File("bert-cased", "vocab.txt"), new BertOptions { LowerCaseBeforeTokenization = false }),
        ["WordPiece"] = () => WordPieceTokenizer.Create(File("bert-uncased", "vocab.txt"), new WordPieceOptions { UnknownToken = "[UNK]" }),
        ["CodeGen"] = () => CodeGenTokenizer.Create(System.IO.File.OpenRead(File("gpt2-bbpe", "vocab.json")), System.IO.File.OpenRead(File("gpt2-bbpe", "merges.txt"))),
        ["BPE"] = () => BpeTokenizer.Create(File("gpt2-bbpe", "vocab.json"), File("gpt2-bbpe", "merges.txt")),
        ["SentencePiece, BPE"] = () => LlamaTokenizer.Create(System.IO.File.OpenRead(File("llama-spm-bpe-legacy", "tokenizer.model"))),
        ["SentencePiece, Unigram"] = () => SentencePieceTokenizer.Create(new MemoryStream(SmallModels.Unigram(
        [
            .. SmallModels.LlamaPieces, .. "\u2581 abcdefghijklmnopqrstuvwxyz.,;()é北".Select((letter, i) => (letter.ToString(), -3f - (i / 10f), SmallModels.Normal)),
            ("\u2581the", -2, SmallModels.Normal), ("\u2581a", -2, SmallModels.Normal), ("er", -2, SmallModels.Normal),
        ]))),
        ["Tiktoken"] = Bytes,
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_id_by_id_is_what_all_ids_are_decoded_to(string name)
    {
        Tokenizer tokenizer = Tokenizers[name]();
        Dictionary<string, int> vocabulary = ForeignTokenizer.Vocabulary(tokenizer, Size(name));
        int[] known = [.. vocabulary.Values.Distinct().Order()];
        var random = new Random(11);
        int[] ofText = [.. tokenizer.EncodeToIds(string.Concat(Enumerable.Repeat(Text, 5)))];
        IEnumerable<int[]> all = [ofText, .. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, random.Next(1, 120)).Select(_ => known[random.Next(known.Length)]).ToArray())];

        foreach (int[] ids in all)
        {
            Assert.Equal(tokenizer.Decode(ids), Written(new ForeignDecoder(tokenizer, vocabulary), vocabulary, ids));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_long_text_costs_a_few_ids_a_token(string name)
    {
        Tokenizer tokenizer = Tokenizers[name]();
        Dictionary<string, int> vocabulary = ForeignTokenizer.Vocabulary(tokenizer, Size(name));
        int[] ids = [.. tokenizer.EncodeToIds(string.Concat(Enumerable.Repeat(Text, 60)))];
        var counting = new CountingTokenizer(tokenizer);

        Written(new ForeignDecoder(counting, vocabulary), vocabulary, ids);

        Assert.InRange(counting.Ids, ids.Length, 40 * ids.Length);
    }

    [Fact]
    public void Bytes_that_are_no_text_cost_no_more()
    {
        var counting = new CountingTokenizer(Bytes());
        Dictionary<string, int> vocabulary = ForeignTokenizer.Vocabulary(Bytes(), Size("Tiktoken"));
        // Neither a byte that goes on nor one that begins a character makes one with those beside it.
        int[] ids = [.. Enumerable.Range(0, 2000).Select(i => i % 3 == 0 ? 0xE4 : 0xFF)];

        string text = Written(new ForeignDecoder(counting, vocabulary), vocabulary, ids);

        Assert.Equal(Bytes().Decode(ids), text);
        Assert.InRange(counting.Ids, ids.Length, 60 * ids.Length);
    }

    [Fact]
    public void Copies_go_on_by_themselves()
    {
        Tokenizer tokenizer = Tokenizers["SentencePiece, BPE"]();
        Dictionary<string, int> vocabulary = ForeignTokenizer.Vocabulary(tokenizer, null);
        Dictionary<int, string> tokens = vocabulary.ToDictionary(item => item.Value, item => item.Key);
        int[] begun = [.. tokenizer.EncodeToIds("one two three four five six seven eight nine ten")];
        int[] first = [.. begun, .. tokenizer.EncodeToIds(" and more", false, false)], second = [.. begun, .. tokenizer.EncodeToIds("teen or less, or even fewer", false, false)];
        TokenDecoder decoder = new ForeignDecoder(tokenizer, vocabulary).Copy();
        List<TokenText> said = [];
        foreach (int id in begun)
        {
            decoder.Add(new TokenText(tokens[id], Ends: true), said);
        }
        TokenDecoder copy = decoder.Copy();

        Assert.Equal(tokenizer.Decode(first), Joined(said) + Written(decoder, vocabulary, first[begun.Length..]));
        Assert.Equal(tokenizer.Decode(second), Joined(said) + Written(copy, vocabulary, second[begun.Length..]));
    }

    [Fact]
    public void Special_tokens_are_left_out_before_anything_is_decoded()
    {
        BertTokenizer bert = BertTokenizer.Create(File("bert-uncased", "vocab.txt"));
        TextEncoder encoder = TextEncoder.FromTokenizer(bert, new TokenizerAdapterOptions { VocabularySize = Size("BERT, uncased") });
        int[] ids = encoder.Encode("the cafe serves strawberries and one of them is not here", "and more of the same").Ids;

        Assert.Equal(bert.Decode(ids, skipSpecialTokens: true), encoder.Decode(ids));
        Assert.Equal(bert.Decode(ids, skipSpecialTokens: false), encoder.Decode(ids, skipSpecialTokens: false));
    }

    private static string Written(TokenDecoder decoder, Dictionary<string, int> vocabulary, int[] ids)
    {
        Dictionary<int, string> tokens = vocabulary.DistinctBy(item => item.Value).ToDictionary(item => item.Value, item => item.Key);
        List<TokenText> decoded = [];
        foreach (int id in ids)
        {
            decoder.Add(new TokenText(tokens[id], Ends: true), decoded);
        }
        decoder.Finish(decoded);
        return Joined(decoded);
    }

    private static string Joined(List<TokenText> decoded) => string.Concat(decoded.Select(part => part.Text));

    private static string File(string folder, string name) => Shared.Golden("tokenizers", folder, name);

    private static int? Size(string name) => name switch
    {
        "Tiktoken" => 256,
        "BERT, uncased" or "WordPiece" => System.IO.File.ReadLines(File("bert-uncased", "vocab.txt")).Count(),
        "BERT, cased" => System.IO.File.ReadLines(File("bert-cased", "vocab.txt")).Count(),
        _ => null,
    };

    private static TiktokenTokenizer Bytes() => TiktokenTokenizer.Create(
        new MemoryStream(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 256).Select(value => $"{Convert.ToBase64String([(byte)value])} {value}\n")))),
        PreTokenizer.CreateWhiteSpace(), null);

    /// <summary>Counts the ids that it is asked to decode.</summary>
    private sealed class CountingTokenizer(Tokenizer inner) : Tokenizer
    {
        public long Ids { get; private set; }

        public override string Decode(IEnumerable<int> ids)
        {
            int[] all = [.. ids];
            Ids += all.Length;
            return inner.Decode(all);
        }

        public override System.Buffers.OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten) =>
            inner.Decode(ids, destination, out idsConsumed, out charsWritten);

        protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
            new() { Tokens = inner.EncodeToTokens(text!, out _), CharsConsumed = text!.Length };
    }
}
