namespace Ipc.Chaos;

/// <summary>Says by sequence numbers which laws did not hold in a cluster that has come to rest.</summary>
/// <param name="history">What its members wrote.</param>
/// <param name="lost">What its supervisor said is lost.</param>
/// <param name="killed">The processes that were killed; no other one may have ended.</param>
/// <param name="garbler">
/// The worker id of the broken peer, if there is one: its lanes are dropped, and how many messages were in them is not known. Nobody else may notice more of it than that.
/// </param>
/// <param name="overPipes">Without shared memory what waits in a dead worker's pipe may be lost, counted.</param>
/// <param name="slack">What a machine with more work than cores may add to a time.</param>
internal sealed class Judge(History history, IReadOnlyList<LostReport> lost, IReadOnlySet<int> killed, string? garbler, bool overPipes, TimeSpan slack)
{
    private readonly string[] _workers = [.. Round.Workers.Where(w => w != garbler)];

    private readonly List<Violation> _violations = [];

    private readonly Dictionary<string, int> _deaths = history.Members.GroupBy(m => m.Slot, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Count(m => killed.Contains(m.ProcessId)), StringComparer.Ordinal);

    public IReadOnlyList<Violation> Violations()
    {
        foreach (LedgerLine line in history.Misfits)
        {
            _violations.Add(new(1, "a message that nobody sent so, or that is not what was sent", line));
        }

        foreach (Send send in history.Sends)
        {
            Result(send);
            Copies(send);
            if (send.IsRequest)
            {
                Request(send);
            }
        }

        Interrupted();
        Accounts();
        Incarnations();
        Order();
        return _violations;
    }

    /// <summary>Law 1: a send ends, in time, and what it threw for is nowhere.</summary>
    private void Result(Send send)
    {
        if (send.Result is not { } result)
        {
            if (!killed.Contains(send.Sender.ProcessId))
            {
                _violations.Add(new(1, $"{send} neither completed nor threw", send.Begun));
            }

            return;
        }

        // A call that is made before the cluster has started waits for that first.
        long patience = send.Begun.Microseconds + (long)Limits.StartTimeout.TotalMicroseconds;
        long from = Math.Max(send.Begun.Microseconds, Math.Min(history.Started ?? long.MaxValue, patience));
        TimeSpan limit = (send.IsRequest ? Limits.RequestTimeout : Limits.SendTimeout) + TimeSpan.FromSeconds(1) + slack;
        var took = TimeSpan.FromMicroseconds(result.Microseconds - from);
        if (send.Sender.IsSupervisor && took > limit)
        {
            _violations.Add(new(1, $"{send} took {took}", send.Begun, result)); // only it is never stopped
        }

        if (result.Kind != 'F')
        {
            return;
        }

        string reason = result.Rest[2];
        bool mayBeGone = Candidates(send).Any(slot => _deaths.GetValueOrDefault(slot) != 0) && (overPipes || send.IsRequest);
        if (reason != "InboxFull" && !(reason == "PeerGone" && mayBeGone))
        {
            _violations.Add(new(send.IsRequest ? 2 : 1, $"{send} failed for no reason that there was", send.Begun, result));
        }

        if (send.Handlings.Count != 0 && (!send.IsRequest || reason != "PeerGone"))
        {
            _violations.Add(new(1, $"{send} threw and was handled nevertheless", [send.Begun, result, .. send.Handlings.Select(h => h.Started)]));
        }
    }

    /// <summary>Law 2: no target handles a message twice, unless it says so.</summary>
    private void Copies(Send send)
    {
        HashSet<string> expected = Expected(send);
        IEnumerable<IGrouping<string, Handling>> groups = send.Handlings.GroupBy(h => send.Target == "all" ? h.By.Slot : "one", StringComparer.Ordinal);
        foreach (IGrouping<string, Handling> copies in groups)
        {
            int deliveries = 0;
            if (copies.Any(h => h.DeliveryCount <= deliveries++))
            {
                _violations.Add(new(2, $"{send} was handled {copies.Count()} times", [send.Begun, .. copies.Select(h => h.Started)]));
            }
        }

        foreach (Handling handling in send.Handlings.Where(h => !expected.Contains(h.By.Slot)))
        {
            _violations.Add(new(1, $"{send} was handled by somebody else", send.Begun, handling.Started));
        }
    }

    /// <summary>Laws 1 and 2: who was answered was answered by the one that handled it.</summary>
    private void Request(Send send)
    {
        if (send.Result is { Kind: 'A' } result)
        {
            if (send.Answer is not { } answer || answer.Rest[3] != send.Sender.Name || answer.Rest[4] != send.Begun.Rest[1]
                || send.Handlings is not [{ Ended: not null } handling] || handling.By.Name != answer.Rest[2])
            {
                _violations.Add(new(2, $"{send} has an answer that is not its own", [send.Begun, result, .. send.Handlings.Select(h => h.Started)]));
            }
        }
    }

    /// <summary>
    /// Law 2, shared memory: of the requests of one sender and action a death interrupts the one that runs, and none that waits. One runs until its answer is sent, which is after
    /// its listener has ended; an answer that is sent is read, also after the death.
    /// </summary>
    private void Interrupted()
    {
        if (overPipes)
        {
            return;
        }

        foreach (IGrouping<(string Name, string Action, string Target), Send> sends in history.Sends.Where(IsGone).GroupBy(s => (s.Sender.Name, s.Action, s.Target)))
        {
            int deaths = Candidates(sends.First()).Sum(slot => _deaths.GetValueOrDefault(slot));
            if (sends.Count() > deaths)
            {
                _violations.Add(new(2, $"{sends.Count()} requests {sends.Key} failed with PeerGone, {deaths} deaths could have interrupted one each", [.. sends.Select(s => s.Result!.Value)]));
            }
        }
    }

    /// <summary>Laws 1 and 2: what was accepted was handled to its end, or is in the supervisor's count of the lost; over shared memory that count has nothing else in it.</summary>
    private void Accounts()
    {
        foreach (IGrouping<(string Name, string Action), Send> sends in history.Sends.Where(s => !s.IsRequest).GroupBy(s => (s.Sender.Name, overPipes ? "" : s.Action)))
        {
            bool senderWasKilled = killed.Contains(sends.First().Sender.ProcessId);
            foreach (string slot in (string[])[.. _workers, "supervisor"])
            {
                Account(sends, slot, senderWasKilled);
            }

            Account(sends, null, senderWasKilled);
        }
    }

    /// <summary>One worker id's account with one sender, or, without a worker id, all of them together: who got a message for any of a group is known only then.</summary>
    private void Account(IGrouping<(string Name, string Action), Send> sends, string? slot, bool senderWasKilled)
    {
        var missing = new List<Send>();
        int interrupted = 0;
        int unknown = 0;
        foreach (Send send in sends)
        {
            bool isAny = send.Target.StartsWith("any", StringComparison.Ordinal);
            interrupted += send.Handlings.Count(h => (slot is null || h.By.Slot == slot) && h.Ended is null);
            if (isAny)
            {
                bool isMissing = send.Handlings.Count == 0 && slot is null && send.Result is { Kind: 'A' };
                unknown += send.Handlings.Count == 0 && !isMissing && send.Result is not { Kind: 'F' } ? 1 : 0;
                if (isMissing)
                {
                    missing.Add(send);
                }

                continue;
            }

            foreach (string target in Expected(send).Where(t => (slot is null || t == slot) && !send.Handlings.Exists(h => h.By.Slot == t)))
            {
                if (send.Result is { Kind: 'A' or 'P' })
                {
                    missing.Add(send);
                }
                else
                {
                    unknown += send.Result is null ? 1 : 0;
                }
            }
        }

        int deaths = slot is null ? _workers.Sum(s => _deaths.GetValueOrDefault(s)) : _deaths.GetValueOrDefault(slot);
        int reported = lost.Where(l => l.Slot != garbler && (slot is null || l.Slot == slot) && l.Sender == sends.Key.Name && (overPipes || l.Action == sends.Key.Action)).Sum(l => l.Count);
        LedgerLine[] lines = [.. missing.Take(10).Select(s => s.Begun)];
        string account = $"{sends.Key.Name} \"{sends.Key.Action}\" to {slot ?? "all"}: {missing.Count} accepted and not handled ({string.Join(", ", missing.Take(50).Select(s => $"{s.Action} {s.Number}"))}), "
            + $"{interrupted} interrupted, {reported} reported lost, {deaths} deaths";
        int running = deaths * (sends.Key.Action == "big" ? 2 : 1);

        // Over pipes it is the sender that knows what it has lost: nobody does when it dies too.
        if (missing.Count + interrupted > reported && !(overPipes && senderWasKilled))
        {
            _violations.Add(new(1, account, lines));
        }

        // Over pipes the count has requests and answers too, and what was finished and not yet told: no bound that would say much.
        if (!overPipes && reported > missing.Count + interrupted + unknown + running)
        {
            _violations.Add(new(1, $"more reported than lost: {account}", lines));
        }

        if (!overPipes && missing.Count + interrupted > running)
        {
            _violations.Add(new(2, $"more lost than ran: {account}", lines));
        }
    }

    /// <summary>Laws 3 and 4: only who was killed has a successor, and that one begins when it has ended.</summary>
    private void Incarnations()
    {
        foreach (IGrouping<string, Member> slot in history.Members.GroupBy(m => m.Slot, StringComparer.Ordinal))
        {
            Member? before = null;
            foreach (Member member in slot)
            {
                if (before is not null && !killed.Contains(before.ProcessId))
                {
                    _violations.Add(new(3, $"{before.Name} (pid {before.ProcessId}) was replaced and nobody had killed it"));
                }

                if (before is not null && history.Times.TryGetValue(before, out (long First, long Last) old)
                    && history.Times.TryGetValue(member, out (long First, long Last) young) && old.Last > young.First)
                {
                    _violations.Add(new(4, $"{before.Name} still ran when {member.Name} began"));
                }

                before = member;
            }
        }
    }

    /// <summary>Law 5: one after the other, in sending order.</summary>
    private void Order()
    {
        foreach (((string slot, string sender, string action), List<(Send Send, Handling Handling)> lane) in history.Lanes)
        {
            for (int i = 1; i < lane.Count; i++)
            {
                (Handling last, Handling next) = (lane[i - 1].Handling, lane[i].Handling);
                // A call that was made before the other one's task had completed has no order with it.
                if (lane[i].Send.Result is { } before && before.Index < lane[i - 1].Send.Begun.Index)
                {
                    _violations.Add(new(5, $"{action} of {sender} at {slot}: {lane[i].Send.Number} began after {lane[i - 1].Send.Number}", last.Started, next.Started));
                }

                if (last.By == next.By && (last.Ended is not { } end || end.Index > next.Started.Index))
                {
                    _violations.Add(new(5, $"{action} of {sender} at {slot}: {lane[i].Send.Number} began before {lane[i - 1].Send.Number} had ended", last.Started, next.Started));
                }
            }
        }
    }

    private static bool IsGone(Send send) => send.IsRequest && send.Result is { Kind: 'F' } result && result.Rest[2] == "PeerGone";

    private string[] Candidates(Send send) => send.Target switch
    {
        "all" => _workers,
        "any:worker" => Round.Workers[..3],
        "any:task" => Round.Workers[3..],
        _ => [send.Target],
    };

    /// <summary>Who may have it.</summary>
    private HashSet<string> Expected(Send send)
    {
        var expected = Candidates(send).ToHashSet(StringComparer.Ordinal);
        if (send.Result is { Kind: 'P' } partial)
        {
            expected.ExceptWith(partial.Rest[2].Split(','));
        }

        return expected;
    }
}
