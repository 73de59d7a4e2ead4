using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>
/// Texts that become blocks of tokens in files, on a thread of its own and all cores, while training reads the first of them. Where a folder is given to keep
/// them in, they are made once: texts are known again by their beginning.
/// </summary>
internal sealed class TokenizedTexts : IDisposable
{
    private const string Prefix = "tokens-";
    private const string CompleteFile = "complete.json";
    private const string Version = "1";

    private readonly IHost _host;
    private readonly PretrainingOptions _options;
    private readonly DocumentEncoder _encoder;
    private readonly BlockShape _shape;
    private readonly HeldOutDocuments _heldOut;
    private readonly KnownDocuments _training;
    private readonly KnownDocuments? _validation;
    private readonly string _folder;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing = Task.CompletedTask;
    private bool _goes;

    /// <param name="host">Log and cancellation.</param>
    /// <param name="context">The tokenizer, and which ids the network knows.</param>
    /// <param name="shape">How documents become blocks.</param>
    /// <param name="training">The documents.</param>
    /// <param name="validation">Documents that judge; null: a share of the others does, or none.</param>
    /// <param name="options">Where tokens are kept, and how many documents are held out.</param>
    /// <param name="seed">Decides which are held out.</param>
    /// <exception cref="InvalidOperationException">There is no text.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public TokenizedTexts(
        IHost host, ObjectiveContext context, BlockShape shape, DocumentRows training, DocumentRows? validation, PretrainingOptions options, int seed)
    {
        (_host, _options, _shape, _encoder) = (host, options, shape, new DocumentEncoder(context.Tokenizer, context.Config));
        _heldOut = new HeldOutDocuments(options.ValidationShare, seed);
        _training = new KnownDocuments(training.Read());
        _validation = validation is null ? null : new KnownDocuments(validation.Read());
        if (!_training.Any || _validation is { Any: false })
        {
            Leave();
            throw _training.Any
                ? TrainingRows.NoValidationRow("have no text")
                : new InvalidOperationException("There is no text to learn from: there is no row, or all have no text.");
        }
        try
        {
            Identity = Identify(seed);
        }
        catch
        {
            Leave();
            throw;
        }
        _goes = options.TokenFolder is null && options.StateFolder is null;
        _folder = _goes
            ? Directory.CreateTempSubdirectory($"mlnet-transformers-{Prefix}").FullName
            : Directory.CreateDirectory(Path.Combine((options.TokenFolder ?? options.StateFolder)!, Prefix + Identity[..16])).FullName;
        Training = new BlockFiles(_folder, "training", options.TokensPerFile, shape.NeedsOthers);
        HeldOut = new BlockFiles(_folder, "held-out", options.TokensPerFile, shape.NeedsOthers);
        string complete = Path.Combine(_folder, CompleteFile);
        if (File.Exists(complete) && JsonSerializer.Deserialize<Manifest>(File.ReadAllText(complete)) is { } earlier)
        {
            Training.Complete(earlier.TrainingFiles);
            HeldOut.Complete(earlier.HeldOutFiles);
            host.Info($"The tokens in '{_folder}' are used, which were made of these texts before.");
            return;
        }
        _writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Tells these tokens from those of other texts, or made in another way.</summary>
    public string Identity { get; }

    public BlockFiles Training { get; }

    public BlockFiles HeldOut { get; }

    /// <summary>Says that a training has come to its end: tokens that lie beside its state go with it.</summary>
    public void Finish() => _goes |= _options.TokenFolder is null;

    public void Dispose()
    {
        _stop.Cancel();
        _writing.Wait();
        Leave();
        Training.Dispose();
        HeldOut.Dispose();
        _stop.Dispose();
        if (_goes)
        {
            StateFolder.Delete(_folder);
            if (_options.StateFolder is { } state)
            {
                new StateFolder(state).RemoveIfEmpty();
            }
        }
    }

    private void Leave()
    {
        _training.Dispose();
        _validation?.Dispose();
    }

    private string Identify(int seed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string made = FormattableString.Invariant(
            $"{Version}|{_shape.Length}|{_shape.Shortest}|{_shape.Packed}|{_shape.WholeSentences}|{string.Join(',', _shape.DocumentStart)}|{string.Join(',', _shape.DocumentEnd)}|{_options.TokensPerFile}|{_options.ValidationShare:R}|{(_options.ValidationShare > 0 ? seed : 0)}");
        hash.AppendData(Encoding.UTF8.GetBytes(made));
        _training.AddTo(hash, _encoder);
        _validation?.AddTo(hash, _encoder);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private void CheckAlive()
    {
        _stop.Token.ThrowIfCancellationRequested();
        _host.CheckAlive();
    }

    private void Write()
    {
        try
        {
            if (_validation is not null)
            {
                Write(_validation, HeldOut, HeldOut, "validation");
            }
            Write(_training, Training, HeldOut, "training");
            var manifest = new Manifest(Training.Complete(), HeldOut.Complete());
            AtomicFile.Write(Path.Combine(_folder, CompleteFile), stream => JsonSerializer.Serialize(stream, manifest));
        }
        catch (Exception error)
        {
            Training.Fail(error);
            HeldOut.Fail(error);
        }
    }

    private void Write(KnownDocuments documents, BlockFiles files, BlockFiles heldOut, string what)
    {
        var (kept, held) = (new PackedFiles(_shape, files), new PackedFiles(_shape, heldOut));
        PackedFiles goesTo = kept;
        foreach (EncodedText document in _encoder.Encode(documents.Read(), CheckAlive))
        {
            goesTo = document.Continues ? goesTo : files != heldOut && _heldOut.Next() ? held : kept;
            goesTo.Add(document);
        }
        kept.Finish();
        held.Finish();
        _host.Info($"The {what} texts are {kept}{(held.Documents > 0 ? $"; held out are {held}" : "")}.");
        kept.Check(what);
        if (files != heldOut && _heldOut.Share > 0)
        {
            held.CheckHeldOut(_heldOut.Share, kept.Documents);
        }
    }

    private sealed record Manifest(int TrainingFiles, int HeldOutFiles);
}
