// Pretrains a small network on plain text, shows the perplexity of other texts on the way, and what the network writes or fills in before and afterwards.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Samples;
using Pretraining;
using Spectre.Console;

return Settings.Run(args, settings =>
{
    var ml = new MLContext(settings.Seed);
    IDataView all = ml.Transformers().LoadDocuments(settings.Data, DocumentFormat.BlankLine);
    DataOperationsCatalog.TrainTestData parts = ml.Data.TrainTestSplit(all, seed: settings.Seed);
    (IDataView train, IDataView test) = settings.Test is { } file ? (all, ml.Transformers().LoadDocuments(file, DocumentFormat.BlankLine)) : (parts.TrainSet, parts.TestSet);
    bool fills = settings.Network == Networks.Bert;
    string[] texts = [.. Typed.Or(settings.Texts, fills ? "a text with [MASK]" : "the beginning of a text", fills
        ? ["The fishermen went out to [MASK] in the morning.", "Once upon a [MASK], there was a little girl."]
        : ["Once upon a time there was a little boat", "In the evening Anna and her father"])];

    Checkpoint checkpoint = settings.Checkpoint is { } folder ? folder : Networks.Fresh(settings.Network, train.GetColumn<string>("Text"), settings.Vocabulary, settings.MaxTokens);
    if (settings.Checkpoint is not null)
    {
        Show(ml, checkpoint, fills, texts, "Before:");
    }

    double unigram = Networks.UnigramPerplexity(checkpoint.Tokenizer, train.GetColumn<string>("Text"), test.GetColumn<string>("Text"));
    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"A vocabulary of {checkpoint.Tokenizer.VocabularySize} tokens. By their frequencies alone the test has perplexity [yellow]{unigram:F0}[/]; the network:");
    // More is hidden than BERT's 15 %, of which a small network learns faster.
    PretrainingObjective objective = fills ? new MaskedLanguageModelObjective { MaskedShare = 0.3 } : new CausalLanguageModelObjective();
    using PretrainingTransformer pretrained = ml.Transformers().Pretraining(checkpoint, objective, new()
    {
        Epochs = settings.Epochs, BatchSize = settings.BatchSize, LearningRate = settings.LearningRate, MaxTokens = settings.MaxTokens, ValidationSet = test,
        DropoutFreeShare = 1, Progress = new Perplexities(),
    }).Fit(train);
    LanguageModelMetrics metrics = ml.Transformers().EvaluateLanguageModel(pretrained.Transform(test));
    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"The best of these weights are kept: perplexity [green]{metrics.Perplexity:F1}[/] over {metrics.Tokens} tokens.");
    Show(ml, pretrained.Checkpoint, fills, texts, "After:");

    pretrained.SaveCheckpoint(settings.Model);
    AnsiConsole.MarkupLineInterpolated($"Saved to [blue]{settings.Model}[/]. Any task goes on from it: dotnet run --project samples/TextClassification -- --checkpoint {settings.Model}");
});

static void Show(MLContext ml, Checkpoint checkpoint, bool fills, string[] texts, string when)
{
    AnsiConsole.MarkupLineInterpolated($"[bold]{when}[/]");
    if (fills)
    {
        IDataView rows = ml.Data.LoadFromEnumerable(texts.Select(text => new { Text = text }));
        using MaskedLanguageModelTransformer model = ml.Transformers().ApplyMaskedLanguageModel(checkpoint).Fit(rows);
        IDataView filled = model.Transform(rows);
        foreach ((string text, string[] fillings) in filled.GetColumn<string>("PredictedText").Zip(filled.GetColumn<string[]>("Fillings")))
        {
            AnsiConsole.MarkupLineInterpolated($"  [green]{text}[/] [grey]({string.Join(", ", fillings)})[/]");
        }
        return;
    }
    using TextGenerator generator = ml.Transformers().TextGenerator(checkpoint);
    foreach (string text in texts)
    {
        string written = generator.Generate(text, new() { MaxNewTokens = 60, Sample = true, Temperature = 0.4f, Seed = 1 });
        AnsiConsole.MarkupLineInterpolated($"  [grey]{text}[/][green]{written}[/]");
    }
}
