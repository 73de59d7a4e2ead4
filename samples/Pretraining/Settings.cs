using System.CommandLine;
using MLNet.Transformers.Samples;

namespace Pretraining;

/// <summary>What the user asked for.</summary>
/// <param name="Data">A file or a folder of texts to learn from, a blank line between two.</param>
/// <param name="Test">Texts to be judged by, in the same form; null: a tenth of the others.</param>
/// <param name="Network">Which small network: llama, bert.</param>
/// <param name="Checkpoint">Where training begins; null: with fresh weights and a vocabulary of the texts.</param>
/// <param name="Epochs">How often each text is seen.</param>
/// <param name="BatchSize">Blocks of a step.</param>
/// <param name="LearningRate">The highest.</param>
/// <param name="MaxTokens">Tokens of a block, and the most that fresh networks read at once.</param>
/// <param name="Vocabulary">Most pieces of a fresh vocabulary.</param>
/// <param name="Seed">Of shuffling, of what is hidden, of fresh weights.</param>
/// <param name="Model">The folder that the checkpoint is written to.</param>
/// <param name="Texts">What to fill in, or to write on.</param>
internal sealed record Settings(
    string Data, string? Test, string Network, string? Checkpoint, int Epochs, int BatchSize, double LearningRate, int MaxTokens, int Vocabulary, int Seed, string Model,
    IReadOnlyList<string> Texts)
{
    /// <summary>Parses the command line and runs the program.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, Action<Settings> program)
    {
        var data = new Option<string?>("--data") { Description = "A file or folder of plain text in UTF-8, a blank line between two texts. Default: texts about a small harbour." };
        var test = new Option<string?>("--test") { Description = "Texts to judge by. Default: a tenth of your own." };
        var network = new Option<string>("--network") { Description = "llama writes on, bert fills blanks.", DefaultValueFactory = _ => Networks.Llama }.AcceptOnlyFromAmong(Networks.Llama, Networks.Bert);
        var checkpoint = new Option<string?>("--checkpoint") { Description = "A checkpoint folder of such a network to go on from. Default: the small one of samples/weights." };
        var fresh = new Option<bool>("--fresh") { Description = "Begins with fresh weights and a vocabulary of the texts." };
        var epochs = new Option<int>("--epochs") { Description = "How often each text is seen.", DefaultValueFactory = _ => 5 };
        var batch = new Option<int>("--batch-size") { Description = "Blocks of a step.", DefaultValueFactory = _ => 4 };
        var rate = new Option<double>("--learning-rate") { Description = "Peak learning rate.", DefaultValueFactory = _ => 1e-3 };
        var tokens = new Option<int>("--max-tokens") { Description = "Tokens of a block, and the most that fresh networks read at once.", DefaultValueFactory = _ => 64 };
        var vocabulary = new Option<int>("--vocabulary") { Description = "Most pieces of a fresh vocabulary.", DefaultValueFactory = _ => 4000 };
        var seed = new Option<int>("--seed") { Description = "Seed of all that is random.", DefaultValueFactory = _ => 1 };
        var model = new Option<string>("--model") { Description = "The folder that the checkpoint is written to.", DefaultValueFactory = _ => "pretrained" };
        var texts = new Argument<string[]>("texts") { Description = "Beginnings of texts, for bert texts with [MASK]. Without any, the program asks for them.", Arity = ArgumentArity.ZeroOrMore };
        var command = new RootCommand("Pretrains a small network on plain text, from the weights that come with the samples, and shows what it has learnt.")
        {
            data, test, network, checkpoint, fresh, epochs, batch, rate, tokens, vocabulary, seed, model, texts,
        };
        command.SetAction(parsed => Sample.Attempt(() => program(new Settings(
            parsed.GetValue(data) ?? Sample.OwnFile("harbour-train.txt"),
            parsed.GetValue(test) ?? (parsed.GetValue(data) is null ? Sample.OwnFile("harbour-test.txt") : null),
            parsed.GetValue(network)!,
            parsed.GetValue(fresh) ? null : parsed.GetValue(checkpoint) ?? Sample.Weights(parsed.GetValue(network)!),
            parsed.GetValue(epochs), parsed.GetValue(batch), parsed.GetValue(rate), parsed.GetValue(tokens), parsed.GetValue(vocabulary), parsed.GetValue(seed), parsed.GetValue(model)!,
            parsed.GetValue(texts) ?? []))));
        return command.Parse(args).Invoke();
    }
}
