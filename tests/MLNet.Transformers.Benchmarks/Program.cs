using System.CommandLine;
using MLNet.Transformers;
using MLNet.Transformers.Benchmarks.Accuracy;
using MLNet.Transformers.Benchmarks.Memory;
using MLNet.Transformers.Benchmarks.Pretraining;
using MLNet.Transformers.Benchmarks.Throughput;
using MLNet.Transformers.Benchmarks.Tokenizers;

var shared = new Argument<DirectoryInfo>("shared") { Description = "The folder of data sets, trained weights and peers." };
var precision = new Option<Precision>("--precision") { Description = "Number format of the network.", DefaultValueFactory = _ => Precision.Float32 };

var names = new Argument<string[]>("names") { Description = $"Data sets: {string.Join(", ", AccuracyTable.Runs.Select(run => run.Name))}; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
var seeds = new Option<int[]>("--seeds") { Description = "Seeds to train with.", DefaultValueFactory = _ => [1, 2], AllowMultipleArgumentsPerToken = true };
var verbose = new Option<bool>("--verbose") { Description = "Shows what the trainer logs." };
var steps = new Option<int?>("--steps") { Description = "Steps after which training ends, to try; as many as the reference takes where none is given." };
var scratch = new Option<DirectoryInfo>("--scratch") { Description = "Where large files are made: the peers' random weights (550 MB) and pretrained networks are kept there, a saved model is not.", DefaultValueFactory = _ => new(Path.Combine(Path.GetTempPath(), "mlnet-transformers-peers")) };
var accuracy = new Command("accuracy", "Trains with the reference's settings and prints both figures.") { shared, names, seeds, precision, steps, scratch, verbose };
accuracy.SetAction(parsed => AccuracyTable.Run(
    new(parsed.GetValue(shared)!.FullName, Seed: 0, parsed.GetValue(precision), parsed.GetValue(steps), parsed.GetValue(scratch)!.FullName, parsed.GetValue(verbose)), parsed.GetValue(names)!, parsed.GetValue(seeds)!));

var peers = new Argument<string[]>("names") { Description = "minilm, bert-base; both where none is named.", Arity = ArgumentArity.ZeroOrMore };
var rounds = new Option<int>("--rounds") { Description = "Rounds; the median counts.", DefaultValueFactory = _ => 5 };
var peer = new Command("peers", "Times batched and single prediction beside ONNX Runtime, in one run.") { shared, peers, rounds, scratch };
peer.SetAction(parsed => PeerComparison.Run(
    parsed.GetValue(shared)!.FullName, parsed.GetValue(scratch)!.FullName, parsed.GetValue(rounds), parsed.GetValue(peers)!));

var seconds = new Option<double>("--seconds") { Description = "How long a round takes.", DefaultValueFactory = _ => 5 };
var threads = new Option<int[]>("--threads") { Description = "Threads that ask.", DefaultValueFactory = _ => [1, 2, 16], AllowMultipleArgumentsPerToken = true };
var serving = new Command("serving", "Times threads that ask for one text each beside ONNX Runtime, in one run.") { shared, rounds, seconds, threads };
serving.SetAction(parsed => ServingTable.Run(parsed.GetValue(shared)!.FullName, parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(threads)!));

var epochs = new Option<int>("--epochs") { Description = "Epochs to train.", DefaultValueFactory = _ => 20 };
var predictions = new Option<int>("--predictions") { Description = "Single predictions.", DefaultValueFactory = _ => 50_000 };
var memory = new Command("memory", "Prints private memory and living tensors over epochs and predictions.") { shared, epochs, predictions };
memory.SetAction(parsed => MemoryGrowth.Run(parsed.GetValue(shared)!.FullName, parsed.GetValue(epochs), parsed.GetValue(predictions)));

var saving = new Command("saving", "Times writing and reading a model of BERT-base's size.") { shared, scratch };
saving.SetAction(parsed => Saving.Run(parsed.GetValue(shared)!.FullName, parsed.GetValue(scratch)!));

var tokenizers = new Command("tokenizers", "Times tokenizers beside Microsoft.ML.Tokenizers, in one run.") { shared, rounds };
tokenizers.SetAction(parsed => TokenizerRace.Run(parsed.GetValue(shared)!.FullName, parsed.GetValue(rounds)));

var file = new Argument<FileInfo>("file") { Description = "A file of weights: *.safetensors, *.bin, *.pt, *.pth, *.gguf." };
var type = new Option<TorchSharp.torch.ScalarType>("--type") { Description = "Number format to load to.", DefaultValueFactory = _ => TorchSharp.torch.ScalarType.Float32 };
var loading = new Command("loading", "Prints the highest private memory while a file's tensors are loaded.") { file, type };
loading.SetAction(parsed => LoadingMemory.Run(parsed.GetValue(file)!.FullName, parsed.GetValue(type)));

var generation = new Command("generation", "Times what networks write, with the cache of keys and values against without, in one run.") { shared, rounds };
generation.SetAction(parsed => GenerationSpeed.Run(parsed.GetValue(shared)!.FullName, parsed.GetValue(rounds)));

var works = new Argument<string[]>("names") { Description = "training, transform, single, decoding-bfloat16, decoding-float32; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
var onlyAlone = new Option<bool>("--alone") { Description = "Without the other process: to compare two versions." };
var neighbour = new Command("neighbour", "Times work alone and beside a process that keeps one core busy, in one run.") { shared, rounds, onlyAlone, works };
neighbour.SetAction(parsed => NeighbourTable.Run(parsed.GetValue(shared)!.FullName, parsed.GetValue(rounds), parsed.GetValue(onlyAlone), parsed.GetValue(works)!));
var busy = new Command(BusyNeighbour.Verb, "Keeps one core busy until its standard input closes.") { Hidden = true };
busy.SetAction(_ => BusyNeighbour.Run());

var shapes = new Argument<string[]>("names") { Description = "minilm, bert-base; both where none is named.", Arity = ArgumentArity.ZeroOrMore };
var training = new Command("training", "Times fine-tuning beside a plain TorchSharp network of the same shape, in one run.") { shared, rounds, shapes };
training.SetAction(parsed => TrainingRace.Run(parsed.GetValue(shared)!.FullName, parsed.GetValue(rounds), parsed.GetValue(shapes)!));

var decoding = new Command("decoding", "Times what a GGUF file writes beside llama.cpp, in processes that take turns.") { shared, rounds };
decoding.SetAction(parsed => DecodingRace.Run(parsed.GetValue(shared)!.FullName, parsed.GetValue(rounds)));
var contender = new Argument<string>("contender");
var weights = new Argument<FileInfo>("file");
var writer = new Command(WriterProcess.Verb, "Writes with one of the contenders for each line of standard input.") { Hidden = true };
writer.Arguments.Add(contender);
writer.Arguments.Add(weights);
writer.SetAction(parsed => DecodingRace.Serve(parsed.GetValue(contender)!, parsed.GetValue(weights)!.FullName));

var text = new Option<string>("--text") { Description = "wikitext-2 or tinystories.", DefaultValueFactory = _ => "wikitext-2" };
var pretrainingSteps = new Option<int>("--steps") { Description = "Steps to train.", DefaultValueFactory = _ => 1000 };
var seed = new Option<int>("--seed") { Description = "Seed of the training.", DefaultValueFactory = _ => 1 };
var objectives = new Argument<string[]>("names") { Description = $"Objectives: {string.Join(", ", PretrainingRun.All.Select(run => run.Name))}; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
var pretraining = new Command("pretraining", "Trains small networks on plain text and prints held-out perplexity by step beside that of token frequencies.") { shared, objectives, text, pretrainingSteps, seed };
pretraining.SetAction(parsed => PretrainingTable.Run(
    parsed.GetValue(shared)!.FullName, parsed.GetValue(text)!, parsed.GetValue(pretrainingSteps), parsed.GetValue(seed), parsed.GetValue(objectives)!));

var recipeNames = new Argument<string[]>("names") { Description = "into-german, from-german; both where none is named.", Arity = ArgumentArity.ZeroOrMore };
var pairs = new Option<int>("--pairs") { Description = "Pairs that teach translation.", DefaultValueFactory = _ => 2900 };
var denoisingSteps = new Option<int>("--denoising-steps") { Description = "Steps of denoising.", DefaultValueFactory = _ => 3000 };
var pairSteps = new Option<int>("--pair-steps") { Description = "Steps on pairs.", DefaultValueFactory = _ => 900 };
var tuningSteps = new Option<int>("--tuning-steps") { Description = "Steps of the second stage with a new encoder.", DefaultValueFactory = _ => 200 };
var recipes = new Command("bart-recipes", "Translates with a small BART that learnt by denoising, also through a new encoder, beside equal networks from fresh weights.")
{
    shared, recipeNames, pairs, denoisingSteps, pairSteps, tuningSteps, seed,
};
recipes.SetAction(parsed => BartRecipes.Run(
    parsed.GetValue(shared)!.FullName, new(parsed.GetValue(denoisingSteps), parsed.GetValue(pairSteps), parsed.GetValue(tuningSteps)), parsed.GetValue(pairs),
    parsed.GetValue(seed), parsed.GetValue(recipeNames)!));

var megabytes = new Option<int>("--megabytes") { Description = "Size of the text.", DefaultValueFactory = _ => 1000 };
var textMemory = new Command("text-memory", "Prints private memory while text of any size becomes tokens and is learnt from.") { megabytes, pretrainingSteps };
textMemory.SetAction(parsed => TextMemory.Run(parsed.GetValue(megabytes), parsed.GetValue(pretrainingSteps)));

var root = new RootCommand("Measures this library against the reference implementation and against what else a user could take.") { accuracy, peer, memory, saving, tokenizers, loading, generation, neighbour, pretraining, recipes, textMemory, decoding, training, serving, busy, writer };
return root.Parse(args).Invoke();
