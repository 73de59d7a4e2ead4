using System.Diagnostics;
using System.Globalization;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Training;

/// <summary>The one training loop of this library: every task and every objective is learnt by it.</summary>
internal sealed class TrainingLoop<TFeature> : IDisposable
    where TFeature : IFeature
{
    private const int FewSteps = 300;

    private readonly TaskModel _network;
    private readonly IReadOnlyList<(string Name, Parameter Parameter)> _trained;
    private readonly IObjective<TFeature> _objective;
    private readonly IFeatureSource<TFeature> _source;
    private readonly IValidator? _validator;
    private readonly TrainingOptions _options;
    private readonly TrainingHost _host;
    private readonly int _seed;
    private readonly NetworkInputs _inputs;
    private readonly AdamW _optimizer;
    private readonly BestWeights _best;
    private readonly TrainingState? _state;
    private readonly int _steps;
    private readonly int _warmup;
    private readonly Stopwatch _clock = new();
    private readonly Stopwatch _waiting = new();
    private TrainingPosition _position = new() { Step = 0 };
    private double _learningRate;
    private long _featuresSeen;
    private long _tokensSeen;
    private int _firstStep;

    /// <param name="network">The network, placed where it is to compute.</param>
    /// <param name="trained">The parameters that learn; the others keep what they hold.</param>
    /// <param name="objective">What is learnt.</param>
    /// <param name="source">What it is learnt from.</param>
    /// <param name="validator">Judges after each epoch; null: nothing does.</param>
    /// <param name="options">How.</param>
    /// <param name="seed">Seed of all that is random.</param>
    /// <param name="host">Log and cancellation.</param>
    public TrainingLoop(
        TaskModel network, IReadOnlyList<(string Name, Parameter Parameter)> trained, IObjective<TFeature> objective, IFeatureSource<TFeature> source,
        IValidator? validator, TrainingOptions options, int seed, TrainingHost host)
    {
        (_network, _trained, _objective, _source, _validator) = (network, trained, objective, source, validator);
        (_options, _seed, _host, _inputs) = (options, seed, host, new NetworkInputs(network));
        _optimizer = new AdamW(trained, options.WeightDecay);
        _best = new BestWeights(trained);
        _steps = options.MaxSteps ?? Enumerable.Range(0, options.Epochs).Sum(
            epoch => source.StepCount(epoch) ?? throw new InvalidOperationException($"How many steps an epoch has is not known before; give {nameof(options.MaxSteps)}."));
        _warmup = (int)Math.Round(options.WarmupShare * _steps);
        if (options.StateFolder is { } folder)
        {
            string fingerprint = TrainingFingerprint.Of(network, options, seed, objective.Identity, source.Identity, validator?.Identity);
            _state = new TrainingState(folder, fingerprint, trained, _optimizer, _best);
        }
    }

    private double WaitingShare => _waiting.Elapsed / _clock.Elapsed;

    private bool IsDone => _position.Step >= _steps || (_options.MaxSteps is null && _position.Epoch >= _options.Epochs);

    /// <summary>Trains, and leaves the network in eval mode with the weights of the best epoch, or of the last where nothing judges.</summary>
    /// <param name="keepsState">Whether the state folder keeps the end of this training, so that it is not repeated where another one follows.</param>
    /// <returns>The state that is kept; the caller removes it. Null where none is.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; with a state folder the state is written.</exception>
    public TrainingState? Run(bool keepsState = false)
    {
        Resume();
        if (!_position.IsOver)
        {
            LearnAll();
            _position.IsOver = true;
            if (keepsState)
            {
                _state?.Write(_position);
            }
        }
        if (_best.Any)
        {
            _best.Restore();
            string best = _options.ValidateEverySteps is null ? Invariant($"epoch {_position.BestEpoch}") : Invariant($"step {_position.BestStep}");
            _host.Log($"The weights of {best} are kept, the best on the validation rows.");
        }
        _network.eval();
        if (keepsState)
        {
            return _state;
        }
        _state?.Remove();
        return null;
    }

    public void Dispose()
    {
        _network.zero_grad();
        _optimizer.Dispose();
        _best.Dispose();
    }

    private void Resume()
    {
        if (_state?.Read(_host.Log) is { } found)
        {
            _position = found;
            _firstStep = found.Step;
            _host.Log(found.IsOver
                ? Invariant($"This part of the training was over before, after step {found.Step}: its weights are read back.")
                : Invariant($"Training continues after step {found.Step} of {_steps}, in epoch {found.Epoch + 1}."));
        }
    }

    private void AdviseOnFewSteps()
    {
        if (_steps < FewSteps)
        {
            string more = _options.MaxSteps is { } most
                ? $"more MaxSteps (now {most})"
                : $"more rows or Epochs (now {_options.Epochs}), a smaller BatchSize (now {_options.BatchSize})";
            _host.Log(Invariant(
                $"Training takes {_steps} steps, which is few: {FewSteps} or more teach a new head reliably. If the results are poor, give {more}, or a higher LearningRate (now {_options.LearningRate}; 1e-4 to 3e-4 suit small networks)."));
        }
    }

    private void LearnAll()
    {
        AdviseOnFewSteps();
        _clock.Start();
        try
        {
            RunEpochs();
        }
        catch (OperationCanceledException)
        {
            _state?.Write(_position);
            throw;
        }
    }

    private void RunEpochs()
    {
        // A state may have been written behind the last step of an epoch that was not yet judged.
        while (!IsDone || _position.StepInEpoch > 0)
        {
            bool enough = RunEpoch();
            _position.Epoch++;
            _position.StepInEpoch = 0;
            _position.Loss = new MeanLoss();
            if (enough)
            {
                string times = _options.ValidateEverySteps is null ? "epochs" : "validations";
                _host.Log(Invariant($"Early stop: no gain on the validation rows in {_position.TimesWithoutGain} {times}."));
                return;
            }
        }
    }

    // True where the patience is used up.
    private bool RunEpoch()
    {
        bool enough = Validate(epochEnds: false);
        foreach (IReadOnlyList<TFeature>[] step in enough || _position.Step == _steps ? [] : Awaited(_source.Steps(_position.Epoch, _position.StepInEpoch)))
        {
            _host.CheckAlive();
            _learningRate = _options.LearningRate * _options.Schedule.Factor(_position.Step, _steps, _warmup);
            _network.train(_position.Step < Math.Round(_steps * (1 - _options.WithoutDropout)));
            Learn(step);
            _position.Step++;
            _position.StepInEpoch++;
            Report(null);
            if (_position.Step % _options.StateEverySteps == 0)
            {
                _state?.Write(_position);
            }
            enough = Validate(epochEnds: false);
            if (enough || _position.Step == _steps)
            {
                break;
            }
        }
        if (_position.StepInEpoch == 0)
        {
            throw new InvalidOperationException("There is nothing to learn from: an epoch has no step.");
        }
        string epochs = _options.MaxSteps is null ? $"/{_options.Epochs}" : "";
        _host.Log(Invariant(
            $"Epoch {_position.Epoch + 1}{epochs}: loss {_position.Loss.Value:F4}, {_featuresSeen / _clock.Elapsed.TotalSeconds:F0} rows/s, {_tokensSeen / _clock.Elapsed.TotalSeconds:F0} tokens/s, {100 * WaitingShare:F1} % of the time waiting for data."));
        return enough || Validate(epochEnds: true);
    }

    // What takes long here is what has not been read ahead.
    private IEnumerable<T> Awaited<T>(IEnumerable<T> steps)
    {
        using IEnumerator<T> step = steps.GetEnumerator();
        while (Next())
        {
            yield return step.Current;
        }

        bool Next()
        {
            _waiting.Start();
            bool any = step.MoveNext();
            _waiting.Stop();
            return any;
        }
    }

    private void Learn(IReadOnlyList<TFeature>[] step)
    {
        using Lock.Scope generator = RandomState.Enter(_seed, _position.Step);
        using var scope = NewDisposeScope();
        Random random = RandomState.OfStep(_seed, _position.Step);
        _waiting.Start();
        LabelledBatch[] batches = Array.ConvertAll(step, features => _objective.Prepare(features, _inputs, random));
        _waiting.Stop();
        double[] weights = [.. batches[0].Terms.Select((_, term) => batches.Sum(batch => batch.Terms[term].Weight))];
        double loss = 0;
        _network.zero_grad();
        foreach (LabelledBatch batch in batches)
        {
            loss += Backward(batch, weights);
        }
        ComputeThreads.Adjust();
        if (!double.IsFinite(loss))
        {
            throw Diverged(loss, $"step {_position.Step + 1}");
        }
        Parameter[] moved = [.. _trained.Select(item => item.Parameter).Where(parameter => parameter.grad is not null)];
        if (_options.GradientClip is { } longest && moved.Length > 0)
        {
            nn.utils.clip_grad_norm_(moved, longest);
        }
        _optimizer.Step(_learningRate);
        _featuresSeen += step.Sum(features => features.Count);
        _tokensSeen += step.Sum(features => features.Sum(feature => (long)feature.Length));
    }

    // Adds the gradients of a batch's share of the step's loss, and returns that share. Where nothing counts, nothing is computed.
    private double Backward(LabelledBatch batch, double[] weights)
    {
        int[] counted = [.. Enumerable.Range(0, weights.Length).Where(term => batch.Terms[term].Weight > 0)];
        if (counted.Length == 0)
        {
            return 0;
        }
        using var scope = NewDisposeScope();
        HeadOutput output = _network.forward(batch.Tokens);
        Tensor[] sums = Array.ConvertAll(counted, term => batch.Terms[term].Sum(output));
        Tensor share = counted.Zip(sums, (term, sum) => sum.Over(weights[term])).Aggregate((total, mean) => total.Plus(mean));
        ComputeThreads.Adjust();
        share.backward();
        foreach ((int term, Tensor sum) in counted.Zip(sums))
        {
            _position.Loss.Add(term, batch.Terms[term].Weight, sum.item<float>());
        }
        return share.item<float>();
    }

    // Judges the network where it is time to; true where the patience is used up. A state may have been written between a step and its validation.
    private bool Validate(bool epochEnds)
    {
        bool isTime = _options.ValidateEverySteps is { } every ? _position.Step > 0 && (_position.Step % every == 0 || _position.Step == _steps) : epochEnds;
        if (_validator is null || !isTime || _position.JudgedStep == _position.Step)
        {
            return false;
        }
        _network.eval();
        ValidationResult result = _validator.Judge(_network, _host.CheckAlive);
        if (!double.IsFinite(result.Score))
        {
            throw Diverged(result.Metrics[result.Deciding], $"the validation rows ({result.Deciding})");
        }
        _host.Log("Validation: " + string.Join(", ", result.Metrics.Select(metric => Invariant($"{metric.Key} {metric.Value:F4}"))) + ".");
        Report(result.Metrics);
        _position.JudgedStep = _position.Step;
        if (result.IsBetterThan(_position.BestScore, _position.BestLoss))
        {
            (_position.BestScore, _position.BestLoss) = (result.Score, result.FiniteLoss);
            (_position.BestEpoch, _position.BestStep, _position.TimesWithoutGain) = (_position.Epoch + 1, _position.Step, 0);
            _best.Keep();
            return false;
        }
        return ++_position.TimesWithoutGain >= _options.Patience;
    }

    private InvalidOperationException Diverged(double loss, string what) => new(Invariant(
        $"Training diverged: the loss of {what} is {loss}. A lower LearningRate ({_options.LearningRate}) or a lower GradientClip may help."));

    private void Report(IReadOnlyDictionary<string, double>? validation)
    {
        if (_options.Progress is null)
        {
            return;
        }
        double seconds = _clock.Elapsed.TotalSeconds;
        double secondsPerStep = seconds / Math.Max(1, _position.Step - _firstStep);
        _options.Progress.Report(new TrainingProgress(
            _position.Epoch + 1, _options.Epochs, _position.Step, _steps, _position.Loss.Value, _learningRate, _featuresSeen / seconds,
            TimeSpan.FromSeconds((_steps - _position.Step) * secondsPerStep), validation)
        {
            TokensPerSecond = _tokensSeen / seconds, WaitingShare = WaitingShare,
        });
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
