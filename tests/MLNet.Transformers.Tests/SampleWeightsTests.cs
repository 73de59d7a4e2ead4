using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests;

/// <summary>The small pretrained networks that come with the samples.</summary>
public class SampleWeightsTests
{
    private const long MostBytes = 5_000_000;

    // A step that changes nothing: what comes out scores texts with the weights that went in.
    private const double Unmoved = 1e-12;

    private static readonly string[] _texts =
    [
        "Once upon a time there was a little girl. She had a red ball and liked to play with it in the garden with her friends.",
        "My brother works in the city. He goes home by train every evening.",
    ];

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    [Theory]
    [InlineData("bert-small")]
    [InlineData("llama-small")]
    public void A_folder_holds_five_megabytes_at_most_and_a_vocabulary_that_is_its_configs(string name)
    {
        var files = new DirectoryInfo(Folder(name)).GetFiles();
        var checkpoint = Checkpoint.FromFolder(Folder(name), strict: true);

        Assert.InRange(files.Sum(file => file.Length), 1_000_000, MostBytes);
        Assert.Equal(checkpoint.Config.VocabularySize, checkpoint.Tokenizer.MaxId + 1);
        Assert.NotNull(checkpoint.Tokenizer.PadTokenId);
        Assert.Equal(checkpoint.Config.PaddingId, checkpoint.Tokenizer.PadTokenId);
    }

    [Theory]
    [InlineData("bert-small")]
    [InlineData("llama-small")]
    public void Texts_are_far_more_probable_than_to_fresh_weights(string name)
    {
        Checkpoint trained = Folder(name);

        double perplexity = Perplexity(trained), fresh = Perplexity(Checkpoint.FromConfig(trained.Config, trained.Tokenizer));

        Assert.InRange(perplexity, 1, fresh / 20);
    }

    [Theory]
    [InlineData("The fishermen went out to [MASK] in the morning.", "go")]
    [InlineData("Once upon a [MASK], there was a little girl.", "time")]
    public void Blanks_are_filled_with_words_that_fit(string text, string word)
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable([new Row { Text = text }]);
        using MaskedLanguageModelTransformer model = ml.Transformers().ApplyMaskedLanguageModel(Folder("bert-small"), new() { TopK = 10 }).Fit(rows);

        Assert.Contains(word, model.Transform(rows).GetColumn<string[]>("Fillings").Single());
    }

    [Fact]
    public void A_story_goes_on_as_stories_do()
    {
        using TextGenerator generator = new MLContext(seed: 1).Transformers().TextGenerator(Folder("llama-small"));

        Assert.Contains("there was a", generator.Generate("Once upon a time", new() { MaxNewTokens = 8, Sample = false }, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sentence_ends_where_it_is_complete()
    {
        using TextGenerator generator = new MLContext(seed: 1).Transformers().TextGenerator(Folder("llama-small"));

        GeneratedText written = generator.GenerateBatch(["I would like to"], new() { MaxNewTokens = 60, Sample = false }, TestContext.Current.CancellationToken)[0][0];

        Assert.EndsWith(".", written.Text, StringComparison.Ordinal);
        Assert.Equal(1, written.Text.Count(letter => letter == '.'));
    }

    private static double Perplexity(Checkpoint checkpoint)
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(_texts.Select(text => new Row { Text = text }));
        PretrainingObjective objective = checkpoint.Tokenizer.MaskTokenId is null ? new CausalLanguageModelObjective() : new MaskedLanguageModelObjective();
        using PretrainingTransformer model = ml.Transformers().Pretraining(checkpoint, objective, new() { MaxSteps = 1, MaxTokens = 64, LearningRate = Unmoved }).Fit(rows);
        return ml.Transformers().EvaluateLanguageModel(model.Transform(rows)).Perplexity;
    }

    private static string Folder(string name) => Path.Combine(Shared.RepositoryRoot, "samples", "weights", name);
}
