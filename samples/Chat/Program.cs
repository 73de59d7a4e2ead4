using System.CommandLine;
using MLNet.Transformers;
using MLNet.Transformers.Samples.Chat;

var checkpoint = new Option<FileSystemInfo>("--checkpoint") { Description = "A checkpoint folder of a chat model, or a *.gguf of a LLaMA.", Required = true };
var say = new Option<string[]>("--say") { Description = "What to say instead of typing; may be given several times.", AllowMultipleArgumentsPerToken = false };
var system = new Option<string?>("--system") { Description = "What the model is told before the conversation." };
var length = new Option<int>("--max-new-tokens") { Description = "Longest answer.", DefaultValueFactory = _ => 256 };
var sample = new Option<bool>("--sample") { Description = "Draw tokens at random instead of always taking the likeliest." };
var seed = new Option<int>("--seed") { Description = "Seed of the drawing.", DefaultValueFactory = _ => 1 };
var precision = new Option<Precision>("--precision") { Description = "Number format of the computation: BFloat16 is several times as fast on processors that have it, and may choose other words.", DefaultValueFactory = _ => Precision.Float32 };

var root = new RootCommand("Talks with a language model on this machine.") { checkpoint, say, system, length, sample, seed, precision };
root.SetAction((parsed, cancellation) => Conversation.RunAsync(
    new Settings(
        parsed.GetValue(checkpoint)!, parsed.GetValue(say) ?? [], parsed.GetValue(system), parsed.GetValue(length), parsed.GetValue(sample),
        parsed.GetValue(seed), parsed.GetValue(precision)),
    cancellation));
return await root.Parse(args).InvokeAsync();
