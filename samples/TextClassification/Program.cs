// Trains a classifier of customer messages in an ML.NET pipeline, evaluates it, saves it, loads it again and classifies what the user types.
using Microsoft.ML;
using MLNet.Transformers;
using Spectre.Console;
using TextClassification;

return Options.Run(args, options =>
{
    try
    {
        return Run(options);
    }
    catch (Exception error) when (error is not OutOfMemoryException)
    {
        AnsiConsole.MarkupLineInterpolated($"[red]{error.Message}[/]");
        return 1;
    }
});

static int Run(Options options)
{
    var ml = new MLContext(options.Seed);
    IDataView train = Messages.Load(ml, options.TrainFile);
    IDataView test = Messages.Load(ml, options.TestFile);

    ITransformer model = Training.Fit(ml, train, options);
    Evaluation.Show(ml, model.Transform(test));

    ml.Transformers().SaveModel(model, train.Schema, options.Model);
    AnsiConsole.MarkupLineInterpolated($"Saved to [blue]{options.Model}[/] ({new FileInfo(options.Model).Length / 1e6:F1} MB).");
    (model as IDisposable)?.Dispose();

    Classification.Run(ml, options);
    return 0;
}
