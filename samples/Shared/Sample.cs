using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace MLNet.Transformers.Samples;

/// <summary>The command line of all samples that train.</summary>
public static class Sample
{
    private static readonly TrainingStart _fineTuning = new(3, 5e-5);

    /// <summary>Parses the arguments, answers --help and mistakes itself, and runs the program with what was given.</summary>
    /// <returns>The exit code: 1 where the program failed, whose message is printed.</returns>
    public static int Run(string[] args, SampleDefaults defaults, Action<SampleOptions> program)
    {
        var data = new Option<string>("--data") { Description = $"Training rows: {defaults.Form}.", DefaultValueFactory = _ => OwnFile(defaults.Data) };
        var test = new Option<string>("--test") { Description = "Rows to evaluate on, in the same form.", DefaultValueFactory = _ => OwnFile(defaults.Test) };
        var checkpoint = new Option<string?>("--checkpoint") { Description = $"A checkpoint folder to fine-tune. Without it training begins {(defaults.Warm is null ? "from scratch, with a small network" : "with the small pretrained network of samples/weights")}." };
        var fresh = new Option<bool>("--fresh") { Description = "Trains a small network from scratch." };
        var epochs = new Option<int?>("--epochs") { Description = $"How often each row is seen. Default: {Ways(defaults, way => way.Epochs)}." };
        var batch = new Option<int>("--batch-size") { Description = "Rows of a step.", DefaultValueFactory = _ => defaults.BatchSize };
        var rate = new Option<double?>("--learning-rate") { Description = $"Peak learning rate. Default: {Ways(defaults, way => way.LearningRate)}." };
        var tokens = new Option<int>("--max-tokens") { Description = "Most tokens that the network reads at once.", DefaultValueFactory = _ => defaults.MaxTokens };
        var seed = new Option<int>("--seed") { Description = "Seed of shuffling, dropout and fresh weights.", DefaultValueFactory = _ => 1 };
        var model = new Option<string>("--model") { Description = "Where to save the trained model.", DefaultValueFactory = _ => defaults.Model ?? "" };
        var texts = new Argument<string[]>("texts") { Description = defaults.Texts, Arity = ArgumentArity.ZeroOrMore };
        var command = new RootCommand(defaults.Description) { data, test, checkpoint, epochs, batch, rate, tokens, seed, texts };
        if (defaults.Model is not null)
        {
            command.Options.Add(model);
        }
        if (defaults.Warm is not null)
        {
            command.Options.Add(fresh);
        }
        command.SetAction(parsed => Attempt(() =>
        {
            string? given = parsed.GetValue(checkpoint);
            TrainingStart start = given is not null ? _fineTuning with { Network = given } : parsed.GetValue(fresh) ? defaults.Fresh : defaults.Warm ?? defaults.Fresh;
            if (start.Network is not null)
            {
                AnsiConsole.MarkupLineInterpolated($"Training begins with the weights in [blue]{start.Network}[/].");
            }
            program(new SampleOptions
            {
                Data = parsed.GetValue(data)!,
                Test = parsed.GetValue(test)!,
                Checkpoint = start.Network is { } path ? path : (Checkpoint?)null,
                Epochs = parsed.GetValue(epochs) ?? start.Epochs,
                BatchSize = parsed.GetValue(batch),
                LearningRate = parsed.GetValue(rate) ?? start.LearningRate,
                MaxTokens = parsed.GetValue(tokens),
                Seed = parsed.GetValue(seed),
                Model = defaults.Model is null ? "" : parsed.GetValue(model)!,
                Texts = parsed.GetValue(texts) ?? [],
            });
        }));
        return command.Parse(args).Invoke();
    }

    private static string Ways(SampleDefaults defaults, Func<TrainingStart, double> value)
    {
        string warm = defaults.Warm is { } start ? Invariant($"{value(start):0.#####} from the small pretrained network, ") : "";
        return warm + Invariant($"{value(defaults.Fresh):0.#####} from scratch, {value(_fineTuning):0.#####} from a checkpoint");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A file in the folder data beside the program.</summary>
    public static string OwnFile(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    /// <summary>A small pretrained network: a folder of samples/weights, copied beside the program.</summary>
    public static string Weights(string network) => Path.Combine(AppContext.BaseDirectory, "weights", $"{network}-small");

    /// <summary>Runs a program, whose message is printed where it fails.</summary>
    /// <returns>The exit code: 1 where it failed.</returns>
    public static int Attempt(Action program)
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
