using System.CommandLine;

namespace TextClassification;

/// <summary>The command line.</summary>
internal sealed record Options
{
    private static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    public required string TrainFile { get; init; }

    public required string TestFile { get; init; }

    public string? Checkpoint { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required double LearningRate { get; init; }

    public required int MaxTokens { get; init; }

    public required int Seed { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>Parses the arguments, answers --help and errors itself, and runs the program with what was given.</summary>
    public static int Run(string[] args, Func<Options, int> program)
    {
        var data = new Option<string>("--data") { Description = "Training rows: a tab-separated file with a header and the columns class and text.", DefaultValueFactory = _ => Data("messages-train.tsv") };
        var test = new Option<string>("--test") { Description = "Rows to evaluate on, in the same form.", DefaultValueFactory = _ => Data("messages-test.tsv") };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "A BERT checkpoint folder to fine-tune. Without it a small network is trained from scratch." };
        var epochs = new Option<int?>("--epochs") { Description = "How often each row is seen. Default: 12 from scratch, 3 from a checkpoint." };
        var batch = new Option<int>("--batch-size") { Description = "Rows of a step.", DefaultValueFactory = _ => 16 };
        var rate = new Option<double?>("--learning-rate") { Description = "Peak learning rate. Default: 0.0007 from scratch, 0.00005 from a checkpoint." };
        var tokens = new Option<int>("--max-tokens") { Description = "Longer texts are cut.", DefaultValueFactory = _ => 64 };
        var seed = new Option<int>("--seed") { Description = "Seed of shuffling, dropout and fresh weights.", DefaultValueFactory = _ => 1 };
        var model = new Option<string>("--model") { Description = "Where to save the trained model.", DefaultValueFactory = _ => "text-classification.zip" };
        var texts = new Argument<string[]>("texts") { Description = "Texts to classify at the end. Without any, the program asks for them.", Arity = ArgumentArity.ZeroOrMore };
        var command = new RootCommand("Trains a text classifier in an ML.NET pipeline, evaluates it, saves it, loads it again and classifies texts.")
        {
            data, test, checkpoint, epochs, batch, rate, tokens, seed, model, texts,
        };
        command.SetAction(parsed =>
        {
            bool scratch = parsed.GetValue(checkpoint) is null;
            return program(new Options
            {
                TrainFile = parsed.GetValue(data)!,
                TestFile = parsed.GetValue(test)!,
                Checkpoint = parsed.GetValue(checkpoint),
                Epochs = parsed.GetValue(epochs) ?? (scratch ? 12 : 3),
                BatchSize = parsed.GetValue(batch),
                LearningRate = parsed.GetValue(rate) ?? (scratch ? 7e-4 : 5e-5),
                MaxTokens = parsed.GetValue(tokens),
                Seed = parsed.GetValue(seed),
                Model = parsed.GetValue(model)!,
                Texts = parsed.GetValue(texts) ?? [],
            });
        });
        return command.Parse(args).Invoke();
    }
}
