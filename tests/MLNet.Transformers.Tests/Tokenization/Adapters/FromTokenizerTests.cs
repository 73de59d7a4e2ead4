using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Tokenization.Oracle;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization.Adapters;

/// <summary>Tokenizers of Microsoft.ML.Tokenizers as a checkpoint's.</summary>
public class FromTokenizerTests
{
    private const string Text = "The Cafe serves 12 strawberries";

    private static readonly EncodeOptions _plain = new() { AddSpecialTokens = false };

    [Fact]
    public void BERTs_own_encloses_texts_and_knows_places()
    {
        BertTokenizer bert = BertTokenizer.Create(GoldenFile("bert-uncased", "vocab.txt"));
        TextEncoder encoder = TextEncoder.FromTokenizer(bert, new TokenizerAdapterOptions { VocabularySize = Golden("bert-uncased").VocabularySize });
        TextEncoder ours = Golden("bert-uncased");

        Assert.Equal(bert.EncodeToIds(Text, addSpecialTokens: true), encoder.Encode(Text).Ids);
        Assert.Equal(ours.Encode(Text, "and more").Ids, encoder.Encode(Text, "and more").Ids);
        Assert.Equal(ours.Encode(Text, "and more").TypeIds, encoder.Encode(Text, "and more").TypeIds);
        Assert.Equal(ours.Encode(Text).Offsets, encoder.Encode(Text).Offsets);
        Assert.Equal<int?>([ours.PadTokenId, ours.UnknownTokenId, ours.ClassTokenId, ours.SeparatorTokenId, ours.MaskTokenId],
            [encoder.PadTokenId, encoder.UnknownTokenId, encoder.ClassTokenId, encoder.SeparatorTokenId, encoder.MaskTokenId]);
        Assert.Equal(bert.Decode(bert.EncodeToIds(Text), skipSpecialTokens: true), encoder.Decode(encoder.Encode(Text).Ids));
    }

    [Fact]
    public void Places_are_those_of_the_original_text_whatever_normalization_does()
    {
        BertTokenizer bert = BertTokenizer.Create(new MemoryStream(Vocabulary("cafe", "a", "\u4E2D", "strasse", "ok")), new BertOptions { RemoveNonSpacingMarks = true });
        TextEncoder encoder = TextEncoder.FromTokenizer(bert, new TokenizerAdapterOptions { VocabularySize = 10 });
        const string text = "  CAFE\u0301 a\u4E2Da  OK";

        Assert.Equal(["CAFE", "a", "\u4E2D", "a", "OK"], encoder.Encode(text, null, _plain).Covered(text));
    }

    [Fact]
    public void LLaMAs_keeps_the_token_that_it_puts_in_front()
    {
        LlamaTokenizer llama = LlamaTokenizer.Create(File.OpenRead(GoldenFile("llama-spm-bpe-legacy", "tokenizer.model")));
        TextEncoder encoder = TextEncoder.FromTokenizer(llama);
        TextEncoder ours = Golden("llama-spm-bpe-legacy");

        Assert.Equal(llama.EncodeToIds(Text), encoder.Encode(Text).Ids);
        Assert.Equal(llama.EncodeToIds(Text).Skip(1), encoder.Encode(Text, null, _plain).Ids);
        Assert.Equal(ours.Encode("one two").Ids, encoder.Encode("one two").Ids);
        Assert.Equal<int?>([1, 2, 0], [encoder.BeginTokenId, encoder.EndTokenId, encoder.UnknownTokenId]);
        Assert.Equal("one two", encoder.Decode(encoder.Encode("one two").Ids));
        Assert.Equal("one two", string.Concat(encoder.Encode("one two", null, _plain).Covered("one two")));
    }

    [Fact]
    public void Byte_level_ones_have_a_vocabulary_and_no_template()
    {
        (string vocabulary, string merges) = (GoldenFile("gpt2-bbpe", "vocab.json"), GoldenFile("gpt2-bbpe", "merges.txt"));
        Tokenizer[] tokenizers = [CodeGenTokenizer.Create(File.OpenRead(vocabulary), File.OpenRead(merges)), BpeTokenizer.Create(vocabulary, merges)];
        foreach (Tokenizer tokenizer in tokenizers)
        {
            TextEncoder encoder = TextEncoder.FromTokenizer(tokenizer);

            Assert.Equal(tokenizer.EncodeToIds(Text), encoder.Encode(Text).Ids);
            Assert.True(encoder.MaxId >= encoder.Encode(Text).Ids.Max());
            Assert.Equal(encoder.Encode(Text).Ids, encoder.Encode(Text).Tokens.Select(token => encoder.TokenToId(token)!.Value));
        }
        TextEncoder codeGen = TextEncoder.FromTokenizer(tokenizers[0]);
        Assert.Equal(Golden("gpt2-bbpe").Encode(Text, null, _plain).Offsets.Select(place => place.End), codeGen.Encode(Text, null, _plain).Offsets.Select(place => place.End));
        Assert.Equal(Text, codeGen.Decode(codeGen.Encode(Text).Ids));
    }

    [Fact]
    public void Tiktokens_are_told_what_stands_around_a_text()
    {
        TiktokenTokenizer tiktoken = Tiktoken();
        TextEncoder encoder = TextEncoder.FromTokenizer(tiktoken, new TokenizerAdapterOptions
        {
            VocabularySize = 258, Prefix = [256], Suffix = [257], PadTokenId = 257, EndTokenId = 257,
        });

        Assert.Equal([256, 'a', 'b', 257], encoder.Encode("ab").Ids);
        Assert.Equal([256, 'a', 257, 'b', 257], encoder.Encode("a", "b").Ids);
        Assert.Equal(tiktoken.EncodeToIds("\u00E9\U0001F600"), encoder.Encode("\u00E9\U0001F600", null, _plain).Ids);
        Assert.Equal((257, 257, 257), (encoder.PadTokenId, encoder.EndTokenId, encoder.MaxId));
        Assert.Equal("ab", encoder.Decode(encoder.Encode("ab").Ids));
        Assert.Equal("<end>", encoder.IdToToken(257));
    }

    [Fact]
    public void A_tokenizer_without_a_vocabulary_needs_its_size()
    {
        string message = Assert.Throws<ArgumentException>(() => TextEncoder.FromTokenizer(Tiktoken())).Message;

        Assert.Contains("TiktokenTokenizer", message, StringComparison.Ordinal);
        Assert.Contains("VocabularySize", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_beyond_the_size_that_was_given_is_an_error()
    {
        TextEncoder encoder = TextEncoder.FromTokenizer(
            BertTokenizer.Create(new MemoryStream(Vocabulary("film", "music"))), new TokenizerAdapterOptions { VocabularySize = 6 });

        string message = Assert.Throws<InvalidOperationException>(() => encoder.Encode("film music")).Message;

        Assert.Contains("'music' the id 6", message, StringComparison.Ordinal);
        Assert.Contains("6 tokens", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_fills_in_what_is_left_open()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", """{"pad_token":"</s>","model_max_length":77,"chat_template":"{{ eos_token }}"}""");
        folder.Write("config.json", """{"vocab_size":3000,"pad_token_id":5,"eos_token_id":[2,7]}""");
        LlamaTokenizer llama = LlamaTokenizer.Create(File.OpenRead(GoldenFile("llama-spm-bpe-legacy", "tokenizer.model")));

        TextEncoder encoder = TextEncoder.FromTokenizer(llama, new TokenizerAdapterOptions { Folder = folder.Folder });

        Assert.Equal<int?>([2, 77], [encoder.PadTokenId, encoder.ModelMaxLength]);
        Assert.NotNull(encoder.ChatTemplate);
        TextEncoder bytes = TextEncoder.FromTokenizer(Tiktoken(), new TokenizerAdapterOptions { Folder = folder.Folder, VocabularySize = 258 });
        Assert.Equal<int?>([5, 2], [bytes.PadTokenId, bytes.EndTokenId]);
    }

    [Fact]
    public void An_encoder_comes_back_as_itself()
    {
        TextEncoder encoder = Golden("t5-unigram");

        Assert.Same(encoder, TextEncoder.FromTokenizer(encoder.AsTokenizer()));
    }

    [Fact]
    public void What_nothing_can_make_again_is_not_saved()
    {
        using var folder = new TemporaryFolder();
        TextEncoder encoder = TextEncoder.FromTokenizer(Tiktoken(), new TokenizerAdapterOptions { VocabularySize = 258 });

        string message = Assert.Throws<InvalidOperationException>(() => encoder.Save(folder.File("saved"))).Message;

        Assert.Contains("Microsoft.ML.Tokenizers.TiktokenTokenizer", message, StringComparison.Ordinal);
        Assert.Contains("ITokenizerFactory", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("saved")));
    }

    [Fact]
    public void What_a_factory_makes_is_made_again_from_a_folder()
    {
        using var folder = new TemporaryFolder();
        TextEncoder encoder = TextEncoder.FromTokenizerFactory(new BertFactory(), BertFiles("film", "music"), new TokenizerAdapterOptions { VocabularySize = 7, MaskTokenId = 3 });

        encoder.Save(folder.Folder);
        TextEncoder again = TextEncoder.FromFolder(folder.Folder);

        Assert.Equal([2, 5, 6, 1, 3], again.Encode("FILM music x").Ids);
        Assert.Equal(encoder.Encode("FILM music x", "film").Ids, again.Encode("FILM music x", "film").Ids);
        Assert.Equal<int?>([0, 3], [again.PadTokenId, again.MaskTokenId]);
    }

    [Theory]
    [InlineData("System.Object, System.Private.CoreLib")]
    [InlineData("No.Such.Type, No.Such.Assembly")]
    public void A_file_that_names_another_class_is_refused(string name)
    {
        Dictionary<string, byte[]> files = TextEncoder.FromTokenizerFactory(new BertFactory(), BertFiles("a"), new TokenizerAdapterOptions { VocabularySize = 6 }).Files.ToDictionary();
        files["tokenizer_factory.json"] = Encoding.UTF8.GetBytes($$$"""{"factory":"{{{name}}}","files":[],"options":{}}""");

        string message = Assert.Throws<TokenizerException>(() => TextEncoder.FromFiles(files)).Message;

        Assert.Contains($"'{name}'", message, StringComparison.Ordinal);
        Assert.Contains("ITokenizerFactory", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "'options' does not fit TokenizerAdapterOptions")]
    [InlineData("7", "'options' does not fit TokenizerAdapterOptions")]
    [InlineData("""{"PadTokenId":"0","VocabularySize":6}""", "'options.PadTokenId' does not fit")]
    [InlineData("""{"Prefix":[1,"a"],"VocabularySize":6}""", "'options.Prefix[1]' does not fit")]
    [InlineData("""{"Suffix":3,"VocabularySize":6}""", "'options.Suffix' does not fit")]
    [InlineData("""{"VocabularySize":1e99}""", "'options.VocabularySize' does not fit")]
    [InlineData("""{"VocabularySize":-4}""", "'options': TokenizerAdapterOptions.VocabularySize is -4; expected at least 1")]
    [InlineData("""{"VocabularySize":6,"MaskTokenId":-1}""", "'options': TokenizerAdapterOptions.MaskTokenId is -1; expected an id")]
    [InlineData("""{"VocabularySize":6,"Suffix":[0,6]}""", "'options': TokenizerAdapterOptions.Suffix[1] is 6; expected an id, 0 or more and below VocabularySize, which is 6")]
    [InlineData("{}", "'options': BertTokenizer does not say how many tokens it has")]
    [InlineData("null", "'options' is missing")]
    public void Options_that_cannot_be_read_are_named(string options, string expected)
    {
        Dictionary<string, byte[]> files = TextEncoder.FromTokenizerFactory(new BertFactory(), BertFiles("a"), new TokenizerAdapterOptions { VocabularySize = 6 }).Files.ToDictionary();
        string factory = $"{typeof(BertFactory).FullName}, {typeof(BertFactory).Assembly.GetName().Name}";
        files["tokenizer_factory.json"] = Encoding.UTF8.GetBytes($$"""{"factory":"{{factory}}","files":["words.txt","words.txt"],"options":{{options}}}""");

        string message = Assert.Throws<TokenizerException>(() => TextEncoder.FromFiles(files)).Message;

        Assert.StartsWith($"'tokenizer_factory.json': {expected}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_with_a_tokenizer_of_ones_own_is_trained_saved_and_loaded()
    {
        var ml = new MLContext(seed: 3);
        string[] words = [.. SampleNetworks.Positive.Concat(SampleNetworks.Negative).SelectMany(text => text.Split(' ', ',')).Where(word => word.Length > 0).Distinct()];
        TextEncoder encoder = TextEncoder.FromTokenizerFactory(new BertFactory(), BertFiles(words), new TokenizerAdapterOptions { VocabularySize = words.Length + 5 });
        var config = new BertConfig { VocabularySize = encoder.MaxId + 1, HiddenSize = 16, Layers = 1, Heads = 2, IntermediateSize = 32, MaxPositions = 24 };
        IDataView data = ml.Data.LoadFromEnumerable(SampleNetworks.Positive.Select(text => new Row { Text = text, Label = "good" })
            .Concat(SampleNetworks.Negative.Select(text => new Row { Text = text, Label = "bad" })));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transformers().SequenceClassification(Checkpoint.FromConfig(config, encoder), new() { Epochs = 1 }));

        ITransformer model = pipeline.Fit(data);
        using var zip = new MemoryStream();
        ml.Model.Save(model, data.Schema, zip);
        zip.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(zip, out _);

        Assert.Equal(Scores(model), Scores(loaded));
        (model as IDisposable)?.Dispose();
        (loaded as IDisposable)?.Dispose();

        float[][] Scores(ITransformer transformer) => [.. ml.Data.CreateEnumerable<Scored>(transformer.Transform(data), reuseRowObject: false).Select(row => row.Score)];
    }

    [Fact]
    public void A_checkpoint_takes_any_tokenizer()
    {
        TextEncoder ours = Golden("bert-uncased");
        BertTokenizer bert = BertTokenizer.Create(GoldenFile("bert-uncased", "vocab.txt"));
        var config = new BertConfig { VocabularySize = ours.VocabularySize, HiddenSize = 16, Layers = 1, Heads = 2, IntermediateSize = 32, MaxPositions = 24 };

        TextEncoder encoder = Checkpoint.FromConfig(config, bert).Tokenizer;

        Assert.Equal(ours.Encode(Text).Ids, encoder.Encode(Text).Ids);
        Assert.Equal(config.PaddingId, encoder.PadTokenId);
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        string folder = Shared.Path("weights", "all-MiniLM-L6-v2");
        TextEncoder published = Checkpoint.FromFolder(folder, BertTokenizer.Create(Path.Combine(folder, "vocab.txt"))).Tokenizer;
        Assert.Equal(TextEncoder.FromFolder(folder).Encode(Text).Ids, published.Encode(Text).Ids);
    }

    private static string GoldenFile(string folder, string name) => Shared.Golden("tokenizers", folder, name);

    private static TextEncoder Golden(string folder) => TextEncoder.FromFolder(Shared.Golden("tokenizers", folder));

    private static Dictionary<string, byte[]> BertFiles(params string[] words) => new() { ["words.txt"] = Vocabulary(words) };

    // A byte a piece, and two special tokens.
    private static TiktokenTokenizer Tiktoken()
    {
        string ranks = string.Concat(Enumerable.Range(0, 256).Select(value => $"{Convert.ToBase64String([(byte)value])} {value}\n"));
        return TiktokenTokenizer.Create(
            new MemoryStream(Encoding.ASCII.GetBytes(ranks)), PreTokenizer.CreateWhiteSpace(), null, new Dictionary<string, int> { ["<begin>"] = 256, ["<end>"] = 257 });
    }

    public sealed class BertFactory : ITokenizerFactory
    {
        public Tokenizer Create(IReadOnlyDictionary<string, byte[]> files) => BertTokenizer.Create(new MemoryStream(files["words.txt"]));
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
