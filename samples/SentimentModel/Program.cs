// Trains the model, as the button "Train" of Model Builder does, evaluates it, and asks it as a program would that only knows SentimentModel.
using Microsoft.ML;
using MLNet.Transformers;
using MLNet.Transformers.Samples;
using Sentiment;
using Spectre.Console;

return Sample.Run(args, new SampleDefaults
{
    Description = "What ML.NET Model Builder generates for text classification: a model that is trained, evaluated and asked by static methods.",
    Form = "a tab-separated file with a header and the columns sentiment and text",
    Data = "sentiment-train.tsv", Test = "sentiment-test.tsv",
    Fresh = new(10, 1e-3), MaxTokens = 128,
}, options =>
{
    var ml = new MLContext(options.Seed);
    IDataView train = Load(ml, options.Data), test = Load(ml, options.Test);
    ITransformer model = TrainingBar.Show(progress => SentimentModel.RetrainModel(ml, train, options.Checkpoint, new()
    {
        Epochs = options.Epochs, BatchSize = options.BatchSize, LearningRate = options.LearningRate, MaxTokens = options.MaxTokens, Progress = progress,
    }));
    AnsiConsole.MarkupLineInterpolated($"Accuracy [green]{SentimentModel.Evaluate(ml, model, test).MicroAccuracy:P1}[/]");
    SentimentModel.SaveModel(ml, model, train, SentimentModel.MLNetModelPath);
    AnsiConsole.MarkupLineInterpolated($"Saved to [blue]{SentimentModel.MLNetModelPath}[/].");

    foreach (string text in Typed.Or(options.Texts, "a review",
        "The ferry was far better than I expected, and the conductor was lovely.",
        "The soup was awful, and I would not recommend the noodle bar to anyone.",
        "The sound is okay, the case was as usual. You get what you pay for."))
    {
        var input = new SentimentModel.ModelInput { Text = text };
        AnsiConsole.MarkupLineInterpolated($"[grey]{text}[/]");
        AnsiConsole.MarkupLineInterpolated($"  [green]{SentimentModel.Predict(input).PredictedLabel}[/]");
        foreach ((string label, float score) in SentimentModel.PredictAllLabels(input))
        {
            AnsiConsole.MarkupLineInterpolated($"  {label,-10} {score:P1}");
        }
    }
});

static IDataView Load(MLContext ml, string path) => SentimentModel.LoadIDataViewFromFile(
    ml, path, SentimentModel.RetrainSeparatorChar, SentimentModel.RetrainHasHeader, SentimentModel.RetrainAllowQuoting);
