using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace MLNet.Transformers.Samples;

/// <summary>The command line of all samples that train.</summary>
public static class Sample
{
    private const int FineTuningEpochs = 3;
    private const double FineTuningRate = 5e-5;

    /// <summary>Parses the arguments, answers --help and mistakes itself, and runs the program with what was given.</summary>
    /// <returns>The exit code: 1 where the program failed, whose message is printed.</returns>
    public static int Run(string[] args, SampleDefaults defaults, Action<SampleOptions> program)
    {
        var data = new Option<string>("--data") { Description = $"Training rows: {defaults.Form}.", DefaultValueFactory = _ => OwnFile(defaults.Data) };
        var test = new Option<string>("--test") { Description = "Rows to evaluate on, in the same form.", DefaultValueFactory = _ => OwnFile(defaults.Test) };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "A checkpoint folder to fine-tune. Without it a small network is trained from scratch." };
        var epochs = new Option<int?>("--epochs") { Description = $"How often each row is seen. Default: {defaults.Epochs} from scratch, {FineTuningEpochs} from a checkpoint." };
        var batch = new Option<int>("--batch-size") { Description = "Rows of a step.", DefaultValueFactory = _ => defaults.BatchSize };
        var rate = new Option<double?>("--learning-rate") { Description = string.Create(CultureInfo.InvariantCulture, $"Peak learning rate. Default: {defaults.LearningRate} from scratch, {FineTuningRate:0.#####} from a checkpoint.") };
        var tokens = new Option<int>("--max-tokens") { Description = "Most tokens that the network reads at once.", DefaultValueFactory = _ => defaults.MaxTokens };
        var seed = new Option<int>("--seed") { Description = "Seed of shuffling, dropout and fresh weights.", DefaultValueFactory = _ => 1 };
        var model = new Option<string>("--model") { Description = "Where to save the trained model.", DefaultValueFactory = _ => defaults.Model ?? "" };
        var texts = new Argument<string[]>("texts") { Description = defaults.Texts, Arity = ArgumentArity.ZeroOrMore };
        var command = new RootCommand(defaults.Description) { data, test, checkpoint, epochs, batch, rate, tokens, seed, texts };
        if (defaults.Model is not null)
        {
            command.Options.Add(model);
        }
        command.SetAction(parsed => Attempt(() => program(new SampleOptions
        {
            Data = parsed.GetValue(data)!,
            Test = parsed.GetValue(test)!,
            Checkpoint = parsed.GetValue(checkpoint) is { } path ? path : (Checkpoint?)null,
            Epochs = parsed.GetValue(epochs) ?? (parsed.GetValue(checkpoint) is null ? defaults.Epochs : FineTuningEpochs),
            BatchSize = parsed.GetValue(batch),
            LearningRate = parsed.GetValue(rate) ?? (parsed.GetValue(checkpoint) is null ? defaults.LearningRate : FineTuningRate),
            MaxTokens = parsed.GetValue(tokens),
            Seed = parsed.GetValue(seed),
            Model = defaults.Model is null ? "" : parsed.GetValue(model)!,
            Texts = parsed.GetValue(texts) ?? [],
        })));
        return command.Parse(args).Invoke();
    }

    private static string OwnFile(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    private static int Attempt(Action program)
    {
        try
        {
            program();
            return 0;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{error.Message}[/]");
            return 1;
        }
    }
}
